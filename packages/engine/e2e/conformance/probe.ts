import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const packages = path.resolve(import.meta.dirname, "../../..");

/** A connector whose actions differ only in what may happen to them twice. */
const CODE = `import { defineConnection, defineConnectorType, definePlugin } from "@stepwire/core";

const schema = (properties, required) => ({
  "~standard": {
    version: 1,
    vendor: "probe",
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({ type: "object", properties, required }), output: () => ({ type: "object" }) },
  },
});
const connection = defineConnection({
  config: schema({ url: { type: "string" } }, ["url"]),
  secrets: schema({}, []),
  auth: [{ kind: "none" }],
  hosts: [],
  baseUrl: (config) => config.url,
});
const input = schema({ run: {}, step: { type: "string" }, parts: {} }, ["run", "step"]);
const output = schema({}, []);
const call = (ctx, method, kind, { run, step, note }, part = "") =>
  ctx
    .request({ method, path: "/" + kind + "/" + run + "/" + encodeURIComponent(step + part), json: method === "GET" ? undefined : { note }, accept: "json" })
    .then((response) => response.data);
const action = (effect, idempotency, method, kind) =>
  connection.action({ summary: kind, effect, idempotency, input, output, run: (ctx, params) => call(ctx, method, kind, params) });
const parts = connection.action({
  summary: "Several writes",
  effect: "write",
  idempotency: "none",
  input,
  output,
  async run(ctx, params) {
    for (const part of ["a", "b", "c"]) await ctx.once(part, () => call(ctx, "POST", "none", params, "/" + part));
    return {};
  },
});
const actions = {
  read: action("read", "natural", "GET", "read"),
  natural: action("write", "natural", "PUT", "natural"),
  keyed: action("write", { header: "Idempotency-Key" }, "POST", "keyed"),
  none: action("write", "none", "POST", "none"),
  parts,
};
const type = defineConnectorType({ id: "probe/probe", title: "Probe", description: "For tests", connection, actions });
export default definePlugin({ connectorTypes: [type] });
`;

/** Puts the connector package into a project. */
export function installProbe(project: string): void {
  const folder = path.join(project, "node_modules/stepwire-connector-probe");
  mkdirSync(path.join(folder, "dist"), { recursive: true });
  mkdirSync(path.join(project, "node_modules/@stepwire"), { recursive: true });
  symlinkSync(path.join(packages, "core"), path.join(project, "node_modules/@stepwire/core"));
  writeFileSync(path.join(folder, "dist/index.js"), CODE);
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({
      name: "stepwire-connector-probe",
      version: "1.0.0",
      description: "For tests",
      keywords: ["stepwire-connector"],
      license: "MIT",
      type: "module",
      exports: { ".": "./dist/index.js", "./package.json": "./package.json" },
      dependencies: { "@stepwire/core": "^1.0.0" },
      stepwire: { contract: 1, manifest: "./dist/stepwire.json" },
    }),
  );
  execFileSync(process.execPath, [path.join(packages, "core/bin/stepwire-manifest.js")], {
    cwd: folder,
    stdio: "pipe",
  });
}
