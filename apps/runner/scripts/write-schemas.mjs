// Publishes the JSON Schemas that editors use before any connector package is installed.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const bin = path.resolve("bin/stepwire.js");
const empty = mkdtempSync(path.join(tmpdir(), "stepwire-schemas-"));
mkdirSync("dist/schemas", { recursive: true });
for (const kind of ["workflow", "connectors", "settings"]) {
  const schema = execFileSync(process.execPath, [bin, "schema", kind, "--project", empty]);
  writeFileSync(`dist/schemas/${kind}.json`, schema);
}
rmSync(empty, { recursive: true });
