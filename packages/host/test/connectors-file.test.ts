import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findConnector, loadConnectorsFile, type ConnectorsFile } from "../src/files/connectors-file.ts";
import { readConnectorNetwork } from "../src/files/network.ts";

let folder = "";
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-connectors-"));
});
afterAll(() => rm(folder, { recursive: true }));

const load = async (text: string, extension = "yaml"): Promise<ConnectorsFile> => {
  const file = join(folder, `connectors-${(count += 1)}.${extension}`);
  await writeFile(file, text);
  return loadConnectorsFile(file);
};
const places = (file: ConnectorsFile): string[] =>
  file.findings.map(({ code, line, column, path, message }) => `${code} ${line}:${column} ${path ?? ""}: ${message}`);

const EXAMPLE = `connectors:
  - id: d6b62e80-ff9b-11ee-8678-0f2b2c0c3c68
    name: security-alerts-channel
    type: .slack
    config: {}
    secrets:
      webhookUrl: \${env:SLACK_WEBHOOK_URL}
  - name: Fälle (Ops)
    connector_type_id: cases-webhook
    config:
      createIncidentUrl: https://x/\${env:PROJECT}
      headers:
        a: b
    network:
      baseUrl: https://gateway.example/x
      proxyUrl: http://user:pw@proxy:3128
      trustedOrigins: [https://files.example, "\${env:ORIGIN}"]
      responseTimeout: 1m30s
`;

describe("loadConnectorsFile", () => {
  it("refuses a file that is not UTF-8", async () => {
    const file = join(folder, "latin.yaml");
    await writeFile(file, Buffer.from("# gr\u00FCn\n", "latin1"));
    const { findings } = await loadConnectorsFile(file);
    expect(findings).toMatchObject([
      { code: "usage-invalid", file, message: "The file is not UTF-8 text.", hint: "Save it as UTF-8." },
    ]);
  });

  it("reads connectors with references as written", async () => {
    const file = await load(EXAMPLE);
    expect(file.findings).toEqual([]);
    expect(file).toMatchObject({ exists: true, baseDir: folder });
    expect(file.connectors).toMatchObject([
      {
        id: "d6b62e80-ff9b-11ee-8678-0f2b2c0c3c68",
        name: "security-alerts-channel",
        type: "slack",
        config: {},
        secrets: { webhookUrl: "${env:SLACK_WEBHOOK_URL}" },
        network: {},
      },
      {
        id: "falle-ops",
        name: "Fälle (Ops)",
        type: "cases-webhook",
        secrets: {},
        network: { responseTimeout: "1m30s" },
      },
    ]);
  });

  it("points at places inside a connector later on", async () => {
    const [slack, cases] = (await load(EXAMPLE)).connectors;
    expect(
      slack?.finding(["secrets", "webhookUrl"], { code: "secrets-invalid", message: "not set" }, "value"),
    ).toMatchObject({
      code: "secrets-invalid",
      severity: "error",
      file: expect.stringContaining("connectors-") as string,
      path: "connectors[0].secrets.webhookUrl",
      line: 7,
      column: 19,
    });
    expect(cases?.finding(["config", "headers", "a"], { code: "config-invalid", message: "x" })).toMatchObject({
      line: 13,
      column: 9,
    });
    expect(cases?.finding(["config", "missing"], { code: "config-invalid", message: "x" })).toMatchObject({
      line: 10,
      column: 5,
    });
  });

  it("reads JSON as well", async () => {
    const file = await load(
      '{\n\t"connectors": [\n\t\t{"name": "a", "type": "http", "secrets": {"__proto__": {"x": "y"}}}\n\t]\n}',
      "json",
    );
    expect(file.findings).toEqual([]);
    expect(file.connectors).toMatchObject([{ id: "a", type: "http" }]);
    expect(Object.keys(file.connectors[0]?.secrets ?? {})).toEqual(["__proto__"]);
  });

  it.each(["", "connectors:", "connectors: []", "# nothing\n", "{}"])("takes %j for no connectors", async (text) => {
    expect(await load(text)).toMatchObject({ connectors: [], findings: [] });
  });

  it("says that a file is missing or cannot be read", async () => {
    const missing = await loadConnectorsFile(join(folder, "nope.yaml"));
    expect(missing).toMatchObject({
      exists: false,
      findings: [{ code: "usage-invalid", file: join(folder, "nope.yaml") }],
    });
    expect((await loadConnectorsFile(folder)).findings).toMatchObject([{ code: "usage-invalid", file: folder }]);
  });

  it.each<[string, string[]]>([
    [
      "connectors:\n  - name: a\n    typ: http\n",
      [
        'config-invalid 3:5 connectors[0].typ: The key "typ" is not known here.',
        "config-invalid 2:5 connectors[0]: The connector has no type.",
      ],
    ],
    ["connectors:\n  - type: http\n", ["config-invalid 2:5 connectors[0]: The connector has no name."]],
    ["conectors: []", ['config-invalid 1:1 conectors: The key "conectors" is not known here.']],
    ["connectors: {}", ["config-invalid 1:13 connectors: connectors must be a list."]],
    ["- name: a", ["config-invalid 1:1 : The file must be a map of keys and values, not a list."]],
    [
      "connectors: [text]",
      [
        "config-invalid 1:14 connectors[0]: connectors must be a map of keys and values, not a text.",
        "config-invalid 1:14 connectors[0]: The connector has no name.",
        "config-invalid 1:14 connectors[0]: The connector has no type.",
      ],
    ],
    [
      "connectors:\n  - {name: 12, type: true, id: 7}",
      [
        "config-invalid 2:32 connectors[0].id: id must be a text, not a number.",
        "config-invalid 2:12 connectors[0].name: name must be a text, not a number.",
        "config-invalid 2:22 connectors[0].type: type must be a text, not a boolean.",
      ],
    ],
    ['connectors:\n  - {name: " ", type: http}', ["config-invalid 2:12 connectors[0].name: name must not be empty."]],
    [
      "connectors:\n  - {name: a, type: http, config: [], secrets: x}",
      [
        "config-invalid 2:35 connectors[0].config: config must be a map of keys and values, not a list.",
        "config-invalid 2:48 connectors[0].secrets: secrets must be a map of keys and values, not a text.",
      ],
    ],
    [
      "connectors:\n  - {name: a, type: http, connector_type_id: .slack}",
      ["config-invalid 2:27 connectors[0].connector_type_id: type and connector_type_id say different things."],
    ],
    [
      "connectors:\n  - {id: x, name: a, type: http}\n  - {id: x, name: b, type: http}",
      ['config-invalid 3:10 connectors[1].id: The id "x" is taken by the connector in line 2.'],
    ],
    [
      "connectors:\n  - {name: a, type: http, constructor: 1, __proto__: 2}",
      [
        'config-invalid 2:27 connectors[0].constructor: The key "constructor" is not known here.',
        'config-invalid 2:43 connectors[0].__proto__: The key "__proto__" is not known here.',
      ],
    ],
    [
      "connectors:\n  - name: a\n    name: b\n    type: http",
      ["yaml-invalid 3:5 : This key stands twice in the same map."],
    ],
    ["connectors: &c\n  - *c", ["yaml-invalid 1:1 : An alias (*name) stands inside the very part it repeats."]],
    [
      "connectors:\n  - name: a\n    type: http\n    network:\n      baseURL: https://x\n      proxyUrl: socks5://proxy\n      responseTimeout: 60\n      trustedOrigins: [https://x/path, ftp://y]",
      [
        'config-invalid 5:7 connectors[0].network.baseURL: The key "baseURL" is not known here.',
        "config-invalid 6:17 connectors[0].network.proxyUrl: proxyUrl must be a URL that starts with http:// or https://.",
        "config-invalid 7:24 connectors[0].network.responseTimeout: responseTimeout must be a duration from 1ms to 24d, such as 60s.",
        "config-invalid 8:24 connectors[0].network.trustedOrigins[0]: trustedOrigins must hold origins only, without a path.",
        "config-invalid 8:40 connectors[0].network.trustedOrigins[1]: trustedOrigins must be a URL that starts with http:// or https://.",
      ],
    ],
  ])("finds what is wrong with %j", async (text, expected) => {
    expect(places(await load(text))).toEqual(expected);
  });

  it("names the nearest known key", async () => {
    const [first] = (await load("connectors:\n  - {name: a, typ: http}")).findings;
    expect(first?.hint).toBe("Did you mean type?");
    const [other] = (await load("connectors:\n  - {name: a, type: http, zzz: 1}")).findings;
    expect(other?.hint).toBe("Known keys here: id, name, type, connector_type_id, config, secrets, network.");
  });
});

describe("made ids", () => {
  const ids = async (...lines: string[]): Promise<string[]> =>
    (await load(`connectors:\n${lines.map((line) => `  - {type: http, ${line}}\n`).join("")}`)).connectors.map(
      ({ id }) => id,
    );

  it.each<[string[], string[]]>([
    [["name: Security alerts / EU"], ["security-alerts-eu"]],
    [["name: 警告"], ["connector-a8b7a448"]],
    [
      ["name: A b", "name: a-b"],
      ["a-b-1", "a-b-2"],
    ],
    [
      ["name: alerts", "name: alerts"],
      ["alerts-1", "alerts-2"],
    ],
    [
      ["name: alerts", "id: x, name: alerts"],
      ["alerts-1", "x"],
    ],
    [
      ["name: x", "id: x, name: other"],
      ["x-1", "x"],
    ],
    [
      ["name: a", "name: a", "name: a-1"],
      ["a-2", "a-3", "a-1"],
    ],
    [
      ["name: __proto__", "name: constructor"],
      ["proto", "constructor"],
    ],
  ])("%j get %j", async (lines, expected) => {
    expect(await ids(...lines)).toEqual(expected);
  });
});

describe("findConnector", () => {
  const find = async (reference: string): Promise<string> => {
    const file = await load(
      "connectors:\n" +
        "  - {id: one, name: alerts, type: http}\n  - {id: two, name: alerts, type: slack}\n" +
        "  - {id: alerts-eu, name: one, type: http}\n  - {name: Jira Cloud, type: jira}\n  - {name: same, type: http}\n  - {name: same, type: http}\n",
    );
    const found = findConnector(file, reference);
    return "connector" in found
      ? found.connector.id
      : `${found.problem.code}: ${found.problem.message} ${found.problem.hint.replace(file.file, "FILE")}`;
  };

  it.each([
    ["one", "one"],
    ["alerts-eu", "alerts-eu"],
    ["Jira Cloud", "jira-cloud"],
    ["jira-cloud", "jira-cloud"],
    ["alerts", 'connector-ambiguous: 2 connectors are named "alerts". Refer to one by its id: one, two.'],
    ["same", 'connector-ambiguous: 2 connectors are named "same". Refer to one by its id: same-1, same-2.'],
    [
      "Jira Clod",
      'connector-not-found: There is no connector "Jira Clod". Did you mean "Jira Cloud"? Connectors are defined in FILE.',
    ],
    ["entirely different", 'connector-not-found: There is no connector "entirely different". Add it to FILE.'],
    ["constructor", 'connector-not-found: There is no connector "constructor". Add it to FILE.'],
  ])("tells which connector %s is: %s", async (reference, expected) => {
    expect(await find(reference)).toBe(expected);
  });
});

describe("readConnectorNetwork", () => {
  it("gives typed values once references are resolved", () => {
    const problems: string[] = [];
    const report = (_path: unknown, message: string): void => void problems.push(message);
    const value = {
      baseUrl: "https://gw.example/x",
      trustedOrigins: ["https://Files.example:443/"],
      responseTimeout: "1m30s",
    };
    expect(readConnectorNetwork(value, ["network"], report)).toEqual({
      baseUrl: "https://gw.example/x",
      trustedOrigins: ["https://files.example"],
      responseTimeout: 90_000,
    });
    expect(problems).toEqual([]);
    // What still looks like a reference then is no URL, and must not be passed over.
    expect(readConnectorNetwork({ baseUrl: "${env:X}" }, ["network"], report)).toEqual({});
    expect(readConnectorNetwork({ baseUrl: "https://u:p@h/" }, ["network"], report)).toEqual({});
    expect(problems).toHaveLength(2);
    expect(
      readConnectorNetwork({ baseUrl: "${env:X}", responseTimeout: "${env:Y}" }, ["network"], report, true),
    ).toEqual({});
    expect(problems).toHaveLength(2);
  });
});
