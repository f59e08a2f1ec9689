import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { onTestFinished, vi } from "vitest";

import { main } from "../src/main.ts";

export const PAGER = {
  name: "acme/pager",
  title: "Pager",
  "base-url": "https://api.pager.example/v1",
  auth: "bearer",
  action: "page",
  method: "POST",
  path: "/pages",
  package: "stepwire-connector-pager",
} as const;

export const flagsOf = (answers: Readonly<Record<string, string>>): string[] =>
  Object.entries(answers).map(([key, value]) => `--${key}=${value}`);

/** A folder that is taken away after the test. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-create-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The command in this process, and what it said on stderr, a line each. */
export async function create(args: string[]): Promise<{ status: number; said: string[] }> {
  let said = "";
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    said += String(chunk);
    return true;
  });
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    const status = await main(args);
    return { status, said: said.split("\n").slice(0, -1) };
  } finally {
    stderr.mockRestore();
    stdout.mockRestore();
  }
}
