import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { CONNECTOR_NETWORK_KEYS } from "../src/files/network.ts";
import { defaultSettings, NETWORK_KEYS, PLUGINS_KEYS, RETENTION_KEYS, RUNTIME_KEYS } from "../src/files/settings.ts";
import { loadSettings } from "../src/files/settings-file.ts";

const page = readFileSync(new URL("../../../docs/files.md", import.meta.url), "utf8");

it("mentions every key of the settings file and of a connector's network", () => {
  const keys = [...NETWORK_KEYS, ...PLUGINS_KEYS, ...RUNTIME_KEYS, ...RETENTION_KEYS, ...CONNECTOR_NETWORK_KEYS];
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
});

it("shows the defaults as they are", async () => {
  const shown = /## stepwire\.yaml[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "stepwire-docs-"));
  writeFileSync(join(folder, "stepwire.yaml"), shown);
  const { settings, findings } = await loadSettings(join(folder, "stepwire.yaml"), {}, folder);
  rmSync(folder, { recursive: true });
  expect(findings).toEqual([]);
  expect(settings).toEqual(defaultSettings(folder));
});
