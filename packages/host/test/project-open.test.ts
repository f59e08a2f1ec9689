import path from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { Project, type ProjectOptions } from "../src/index.ts";
import { failure } from "./http-support.ts";
import { connectorType, entryOf, projectWith, writeFiles } from "./plugins-support.ts";

const PAGER = { name: "stepwire-connector-pager", entry: entryOf("pager") };

async function projectOf(files: Record<string, string | object>, options: ProjectOptions = {}, packages = [PAGER]) {
  const folder = await projectWith(packages);
  await writeFiles(folder, files);
  const project = await Project.open({ cwd: folder, env: {}, ...options });
  onTestFinished(() => project.close());
  return project;
}
const entry = (project: Project, reference: string) => {
  const found = project.findConnector(reference);
  if ("problem" in found) throw new Error(found.problem.message);
  return found.entry;
};

describe("a connector", () => {
  const connectors = `connectors:
  - id: 11111111-2222-3333-4444-555555555555
    name: on call
    type: .pager
    config: { url: "http://127.0.0.1:1" }
  - name: twice
    type: pager
  - name: twice
    connector_type_id: pager
`;

  it("is found by id and by name, opened once, and runs", async () => {
    const project = await projectOf({ "connectors.yaml": connectors });
    const connector = await project.connector("on call");
    expect(await project.connector("11111111-2222-3333-4444-555555555555")).toBe(connector);
    expect(await connector.run("do", {})).toEqual({ config: { url: "http://127.0.0.1:1" } });
    expect(project.findings).toEqual([]);
  });

  it("whose name is borne twice is ambiguous, and each is found by its id", async () => {
    const project = await projectOf({ "connectors.yaml": connectors });
    const error = await failure(project.connector("twice"));
    expect(error).toMatchObject({ code: "connector-ambiguous" });
    const ids = project.connectorsFile.connectors.filter(({ name }) => name === "twice").map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) {
      expect(error.message).toContain(id);
      expect((await project.connector(id)).name).toBe("twice");
    }
  });

  it("that there is not is told with the nearest one and the file", async () => {
    const project = await projectOf({ "connectors.yaml": connectors });
    const error = await failure(project.connector("on cal"));
    expect(error).toMatchObject({ code: "connector-not-found" });
    expect(error.message).toContain('Did you mean "on call"?');
    expect(error.message).toContain("connectors.yaml");
  });

  it("of a type that is not installed cannot be opened", async () => {
    const project = await projectOf({ "connectors.yaml": "connectors: [{ name: a, type: jira }]" });
    const error = await failure(project.connector("a"));
    expect(error).toMatchObject({ code: "unknown-step-type", message: expect.stringContaining("npm install") });
  });
});

describe("references", () => {
  it("that cannot be resolved are findings with their place in the file", async () => {
    const project = await projectOf({
      "connectors.yaml": `connectors:
  - name: a
    type: pager
    config:
      url: "\${env:PAGER_URL}"
    secrets:
      token: "\${file:secrets/token}"
`,
    });
    const findings = await project.checkConnector(entry(project, "a"));
    const file = path.join(project.folder, "connectors.yaml");
    expect(findings).toMatchObject([
      { code: "config-invalid", severity: "error", file, line: 5, column: 12, path: "connectors[0].config.url" },
      { code: "secrets-invalid", severity: "error", file, line: 7, column: 14, path: "connectors[0].secrets.token" },
    ]);
    expect(findings[0]?.message).toContain("PAGER_URL is not set");
    const error = await failure(project.connector("a"));
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining("PAGER_URL") });
  });

  it("are resolved from .env beside the file, over which the real environment wins, and from files", async () => {
    const files = {
      "conf/connectors.yaml": `connectors:
  - name: a
    type: pager
    config: { url: "http://\${env:HOST}:\${env:PORT}", token: "\${file:token}", literal: "$\${env:X}", more: "\${vault:key}" }
`,
      "conf/.env": "HOST=from-file\nPORT=81\n",
      "conf/token": "of-the-file\n",
    };
    const options = {
      connectors: "conf/connectors.yaml",
      env: { PORT: "82" },
      resolvers: { vault: (name: string) => `vault-${name}` },
    };
    const project = await projectOf(files, options);
    expect(await (await project.connector("a")).run("do", {})).toEqual({
      config: { url: "http://from-file:82", token: "of-the-file", literal: "${env:X}", more: "vault-key" },
    });
  });

  it("of connectors that are not used are never resolved", async () => {
    let asked = 0;
    const resolvers = { vault: () => String((asked += 1)) };
    const text = 'connectors: [{ name: a, type: pager }, { name: b, type: pager, config: { x: "${vault:k}" } }]';
    const project = await projectOf({ "connectors.yaml": text }, { resolvers });
    await project.connector("a");
    expect(asked).toBe(0);
  });
});

describe("a project's files", () => {
  it("may be without connectors, unless a file was named", async () => {
    const project = await projectOf({});
    expect(project.findings).toEqual([]);
    expect(await failure(project.connector("a"))).toMatchObject({ code: "connector-not-found" });
    const named = await projectOf({}, { connectors: "mine.yaml" });
    expect(named.findings).toMatchObject([{ code: "usage-invalid", file: path.join(named.folder, "mine.yaml") }]);
  });

  it.each(["connectors.yml", "connectors.json"])("may spell it %s", async (file) => {
    const project = await projectOf({ [file]: '{ "connectors": [{ "name": "a", "type": "pager" }] }' });
    expect((await project.connector("a")).name).toBe("a");
  });

  it("are found above the working folder", async () => {
    const folder = await projectWith([PAGER]);
    await writeFiles(folder, { "connectors.yaml": "connectors: [{ name: a, type: pager }]", "deep/er/x.txt": "" });
    const project = await Project.open({ cwd: path.join(folder, "deep/er"), env: {} });
    expect(project.folder).toBe(folder);
    expect((await project.connector("a")).name).toBe("a");
  });

  it("are told with line and column where they are wrong", async () => {
    const project = await projectOf({ "connectors.yaml": "connectors:\n  - name: a\n    typ: pager\n" });
    expect(project.findings).toContainEqual(
      expect.objectContaining({ code: "config-invalid", line: 3, column: 5, hint: expect.stringContaining("type") }),
    );
  });

  it("limit every connector by their network settings", async () => {
    const project = await projectOf({
      "stepwire.yaml": "network: { allowedHosts: [] }\nplugins: { exclude: [left-pad] }\n",
      "connectors.yaml": "connectors: [{ name: a, type: pager }]",
    });
    expect(project.settings.network.allowedHosts).toEqual([]);
    expect(project.settingsFile).toBe(path.join(project.folder, "stepwire.yaml"));
  });
});

describe("a type without a connector", () => {
  it("is refused where it needs one", async () => {
    const project = await projectOf({});
    expect(await failure(project.withoutConnector("pager"))).toMatchObject({ code: "connector-not-found" });
  });

  it("is opened where it does not", async () => {
    const type = connectorType("pager", { optional: true });
    const entryText = entryOf("pager").replace("hosts: [],", "hosts: [], optional: true,");
    const project = await projectOf({}, {}, [{ ...PAGER, entry: entryText, type } as typeof PAGER]);
    const client = await project.withoutConnector("pager");
    expect(await client.run("do", {})).toEqual({ config: undefined });
    expect(await project.withoutConnector("pager")).toBe(client);
  });
});

it("closes what it opened", async () => {
  const project = await projectOf({ "connectors.yaml": "connectors: [{ name: a, type: pager }]" });
  const connector = await project.connector("a");
  await project.close();
  expect(await failure(connector.run("do", {}))).toMatchObject({ code: "usage-invalid" });
});
