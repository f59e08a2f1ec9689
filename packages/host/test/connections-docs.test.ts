import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { certificates } from "@stepwire/test-rig";
import { expect, it, onTestFinished } from "vitest";

import { loadSettings } from "../src/files/settings-file.ts";

const page = readFileSync(new URL("../../../docs/connections.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```yaml.*\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");

it("has examples", () => expect(examples).toHaveLength(2));

it.each(examples)("shows settings that are accepted (%#)", async (text) => {
  const folder = mkdtempSync(join(tmpdir(), "stepwire-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of ["company-ca.pem", "internal-ca.pem"]) writeFileSync(join(folder, file), certificates().ca);
  const file = join(folder, "stepwire.yaml");
  writeFileSync(file, text);
  const { findings } = await loadSettings(file, { PROXY_USER: "proxy-user", PROXY_PASSWORD: "proxy-password" }, folder);
  expect(findings).toEqual([]);
});
