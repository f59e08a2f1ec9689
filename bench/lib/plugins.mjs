import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const ACTIONS = ["createRecord", "updateRecord", "getRecord", "findRecords", "addComment", "closeRecord"];

/**
 * Fills a project with installed connector packages. Their manifests have the size of a connector with half a dozen
 * actions; their code, if it is ever run, leaves a file behind and throws.
 */
export function writePlugins(project, count) {
  const dependencies = {};
  for (let number = 1; number <= count; number++) {
    const name = `stepwire-connector-service${number}`;
    dependencies[name] = "^1.0.0";
    const folder = path.join(project, "node_modules", name);
    mkdirSync(path.join(folder, "dist"), { recursive: true });
    const manifest = manifestOf(name, `acme/service${number}`);
    writeFileSync(path.join(folder, "dist/stepwire.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(path.join(folder, "dist/index.js"), CODE);
    writeFileSync(path.join(folder, "package.json"), JSON.stringify(packageJson(name), null, 2));
  }
  const own = { name: "many-plugins", private: true, type: "module", dependencies };
  writeFileSync(path.join(project, "package.json"), JSON.stringify(own, null, 2));
}

/** The packages whose code was run after all. */
export function importedPlugins(project, count) {
  return Array.from({ length: count }, (_, index) => `stepwire-connector-service${index + 1}`).filter((name) =>
    existsSync(path.join(project, "node_modules", name, "dist/imported")),
  );
}

const CODE = `import { writeFileSync } from "node:fs";

writeFileSync(new URL("imported", import.meta.url), "");
throw new Error("A listing must not run this.");
`;

function packageJson(name) {
  return {
    name,
    version: "1.0.0",
    description: "A connector that stands for many",
    keywords: ["stepwire-connector"],
    license: "MIT",
    type: "module",
    exports: { ".": "./dist/index.js", "./package.json": "./package.json" },
    dependencies: { "@stepwire/core": "^1.0.0", zod: "^4.2.0" },
    stepwire: { contract: 1, manifest: "./dist/stepwire.json" },
  };
}

function manifestOf(name, id) {
  const actions = Object.fromEntries(
    ACTIONS.map((action) => [
      action,
      {
        summary: `Does ${action} in the service`,
        effect: action.startsWith("get") || action.startsWith("find") ? "read" : "write",
        input: schema(["id", "title", "description", "owner"]),
        output: schema(["id", "url", "createdAt"]),
        idempotency: "none",
      },
    ]),
  );
  const type = {
    id,
    title: "Service",
    description: "Keeps records in a service",
    aliases: [],
    optional: false,
    auth: [{ kind: "bearer" }],
    hosts: ["*.service.example"],
    config: schema(["apiUrl", "workspace"]),
    secrets: schema(["token"]),
    testable: true,
    defaultAction: "createRecord",
    subActions: { pushToService: "createRecord" },
    actions,
  };
  const digest = `sha256-${Buffer.alloc(32).toString("base64")}`;
  return { contract: 1, name, version: "1.0.0", entry: "./dist/index.js", digest, connectorTypes: [type], steps: [] };
}

function schema(names) {
  const property = (name) => ({
    type: "string",
    minLength: 1,
    maxLength: 4096,
    description: `The ${name} of the record, as the service itself shows it to people`,
  });
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, property(name)])),
    required: names.slice(0, 2),
    additionalProperties: false,
  };
}
