import { readFile } from "node:fs/promises";

/** Longer than any vendor's server needs. */
const TIMEOUT_MS = 60_000;

/** A vendor's document from a file or an http(s) address. Rejects with an Error that says what is wrong with it. */
export async function readSource(source: string): Promise<Record<string, unknown>> {
  const text = /^https?:\/\//i.test(source) ? await download(source) : await readFile(source, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON. Where the vendor has YAML only, turn it into JSON first");
  }
  if (typeof value !== "object" || value === null || !("paths" in value))
    throw new Error("it is no OpenAPI document with paths");
  return value as Record<string, unknown>;
}

async function download(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
