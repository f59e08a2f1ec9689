import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificates } from "@stepwire/test-rig";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings, type LoadedSettings } from "../src/files/settings-file.ts";
import { defaultSettings } from "../src/files/settings.ts";

const CA = certificates().ca.trim();
const OTHER = certificates().otherCa.trim();

let folder = "";
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ENV = { PROXY_USER: "proxy-user", PROXY_PASSWORD: "proxy-pass", DENY: "true", DAYS: "7" };
const load = async (text: string): Promise<LoadedSettings> => {
  const file = join(folder, `stepwire-${(count += 1)}.yaml`);
  await writeFile(file, text);
  return loadSettings(file, ENV, "/project");
};
const places = ({ findings }: LoadedSettings): string[] =>
  findings.map(
    ({ code, line, column, path, message, hint }) =>
      `${code} ${line}:${column} ${path ?? ""}: ${message}${hint === undefined ? "" : ` ${hint}`}`,
  );

describe("loadSettings", () => {
  it("refuses a file that is not UTF-8", async () => {
    const file = join(folder, "latin.yaml");
    await writeFile(file, Buffer.from("# gr\u00FCn\n", "latin1"));
    const { findings } = await loadSettings(file, ENV, "/project");
    expect(findings).toMatchObject([
      { code: "usage-invalid", file, message: "The file is not UTF-8 text.", hint: "Save it as UTF-8." },
    ]);
  });

  it.each([undefined, "", "network:\nplugins:\nruntime:\n", "network: { ssl: , allowedHosts: }"])(
    "has defaults for %j",
    async (text) => {
      const { settings, findings } =
        text === undefined ? await loadSettings(undefined, {}, "/project") : await load(text);
      expect(findings).toEqual([]);
      expect(settings).toEqual(defaultSettings("/project"));
      expect(settings.network).toMatchObject({
        allowedHosts: ["*"],
        responseTimeout: 60_000,
        maxResponseContentLength: 1_048_576,
      });
      expect(settings.runtime).toEqual({
        dataDir: "/project/.stepwire",
        durability: "full",
        retention: { days: 30, runs: 10_000 },
      });
    },
  );

  it("reads everything, typed", async () => {
    await mkdir(join(folder, "sub"), { recursive: true });
    for (const [file, pem] of [
      ["a.pem", CA],
      ["sub/b.pem", CA],
      ["c.pem", OTHER],
      ["internal-ca.pem", OTHER],
    ] as const)
      await writeFile(join(folder, file), `${pem}\n`);
    const { settings, findings } = await load(`
network:
  allowedHosts: [example.com, "*.example.org:8443", "::1"]
  denyPrivateAddresses: \${env:DENY}
  responseTimeout: 1m30s
  maxResponseContentLength: 1.5 MB
  ssl: { verificationMode: certificate, proxyVerificationMode: none, certificateAuthoritiesFiles: [a.pem, sub/b.pem], certificateAuthoritiesData: "\${file:c.pem}" }
  customHostSettings:
    - url: https://Jira.internal:8443
      ssl: { verificationMode: certificate, certificateAuthoritiesFiles: internal-ca.pem }
    - url: https://other.internal/
  proxyUrl: http://proxy:3128
  proxyHeaders: { X-Team: ops }
  proxyUsername: \${env:PROXY_USER}
  proxyPassword: \${env:PROXY_PASSWORD}
  proxyOnlyHosts: ["*.example.com", 10.0.0.0/8]
plugins: { exclude: [left-out], paths: [./plugins/one], prefer: { slack: "@acme/slack" } }
runtime: { dataDir: data, durability: relaxed, retention: { days: "\${env:DAYS}", runs: 5 } }
`);
    expect(findings).toEqual([]);
    expect(settings).toEqual({
      network: {
        allowedHosts: ["example.com", "*.example.org:8443", "::1"],
        denyPrivateAddresses: true,
        responseTimeout: 90_000,
        maxResponseContentLength: 1_572_864,
        ssl: {
          verificationMode: "certificate",
          proxyVerificationMode: "none",
          certificateAuthoritiesFiles: [join(folder, "a.pem"), join(folder, "sub/b.pem")],
          certificateAuthoritiesData: OTHER,
          certificates: [CA, CA, OTHER],
        },
        customHostSettings: [
          {
            url: "https://jira.internal:8443",
            ssl: {
              verificationMode: "certificate",
              certificateAuthoritiesFiles: [join(folder, "internal-ca.pem")],
              certificateAuthoritiesData: "",
              certificates: [OTHER],
            },
          },
          {
            url: "https://other.internal",
            ssl: { certificateAuthoritiesFiles: [], certificateAuthoritiesData: "", certificates: [] },
          },
        ],
        proxyUrl: "http://proxy:3128",
        proxyHeaders: { "X-Team": "ops" },
        proxyUsername: "proxy-user",
        proxyPassword: "proxy-pass",
        proxyBypassHosts: [],
        proxyOnlyHosts: ["*.example.com", "10.0.0.0/8"],
      },
      plugins: { exclude: ["left-out"], paths: [join(folder, "plugins/one")], prefer: { slack: "@acme/slack" } },
      runtime: { dataDir: join(folder, "data"), durability: "relaxed", retention: { days: 7, runs: 5 } },
    });
  });

  it("keeps an empty allow-list empty", async () => {
    expect((await load("network: { allowedHosts: [] }")).settings.network.allowedHosts).toEqual([]);
  });

  const duration = "responseTimeout must be a duration from 1ms to 24d, such as 60s.";
  it.each<[string, string[]]>([
    ["netwrok: {}", ['settings-invalid 1:1 netwrok: The key "netwrok" is not known here. Did you mean network?']],
    [
      "network:\n  allowedHost: []",
      ['settings-invalid 2:3 network.allowedHost: The key "allowedHost" is not known here. Did you mean allowedHosts?'],
    ],
    [
      "network: { ssl: { verificationmode: full } }",
      [
        'settings-invalid 1:19 network.ssl.verificationmode: The key "verificationmode" is not known here. Did you mean verificationMode?',
      ],
    ],
    [
      "network:\n  responseTimeout: 60",
      [`settings-invalid 2:20 network.responseTimeout: ${duration} Write the unit with it: 60s.`],
    ],
    ...["1 hour", "0s", "30d", "-5s", "1s1m"].map((text): [string, string[]] => [
      `network:\n  responseTimeout: ${text}`,
      [`settings-invalid 2:20 network.responseTimeout: ${duration} Units: w d h m s ms, as in 1m30s.`],
    ]),
    [
      "network: { maxResponseContentLength: 1mib }",
      [
        "settings-invalid 1:38 network.maxResponseContentLength: maxResponseContentLength must be a size such as 1mb. Units: b kb mb gb, as in 1.5mb.",
      ],
    ],
    [
      "network: { maxResponseContentLength: 1024 }",
      [
        "settings-invalid 1:38 network.maxResponseContentLength: maxResponseContentLength must be a size such as 1mb. Write the unit with it: 1024b.",
      ],
    ],
    [
      "network: { denyPrivateAddresses: yes }",
      ["settings-invalid 1:34 network.denyPrivateAddresses: denyPrivateAddresses must be true or false."],
    ],
    [
      "network: { ssl: { verificationMode: ful } }",
      [
        "settings-invalid 1:37 network.ssl.verificationMode: verificationMode must be full or certificate or none. Did you mean full?",
      ],
    ],
    [
      "network: { allowedHosts: example.com }",
      [
        "settings-invalid 1:26 network.allowedHosts: allowedHosts must be a list of texts, not a text. Write it as a list: [ ... ].",
      ],
    ],
    [
      "network:\n  allowedHosts:\n    - example.com\n    - https://x/y",
      [
        'settings-invalid 4:7 network.allowedHosts[1]: "https://x/y" is no host entry. Write the host alone, without scheme, path or user: example.com, *.example.com or example.com:8443.',
      ],
    ],
    [
      "network: { allowedHosts: [1] }",
      [
        'settings-invalid 1:27 network.allowedHosts[0]: allowedHosts must hold texts only, not a number. Put it in quotes: "1".',
      ],
    ],
    [
      "network: { proxyUrl: 'proxy:3128' }",
      ["settings-invalid 1:22 network.proxyUrl: proxyUrl must be a URL that starts with http:// or https://."],
    ],
    [
      "network: { proxyUrl: 'socks5://proxy:1' }",
      ["settings-invalid 1:22 network.proxyUrl: proxyUrl must be a URL that starts with http:// or https://."],
    ],
    [
      "network: { proxyUrl: 'http://proxy/pac' }",
      [
        "settings-invalid 1:22 network.proxyUrl: proxyUrl must name scheme, host and port only, without a path. Example: http://proxy.example.com:3128.",
      ],
    ],
    [
      "network: { proxyUrl: http://p, proxyHeaders: { a: 1 } }",
      ['settings-invalid 1:51 network.proxyHeaders.a: a must be a text, not a number. Put it in quotes: "1".'],
    ],
    [
      "network: { customHostSettings: [{ ssl: {} }] }",
      [
        "settings-invalid 1:33 network.customHostSettings[0]: The entry has no url. Add url: https://host or https://host:port.",
      ],
    ],
    [
      "network: { customHostSettings: [{ url: 'http://x' }] }",
      [
        "settings-invalid 1:40 network.customHostSettings[0].url: url must be https://host or https://host:port, without a path.",
      ],
    ],
    [
      "network: { customHostSettings: [{ url: 'https://x' }, { url: 'https://X:443/' }] }",
      [
        "settings-invalid 1:62 network.customHostSettings[1].url: There are settings for https://x already. Join the two entries.",
      ],
    ],
    [
      "network: { customHostSettings: {} }",
      [
        "settings-invalid 1:32 network.customHostSettings: customHostSettings must be a list. Start each host with a dash: - url: https://...",
      ],
    ],
    [
      "runtime: { durability: ful, retention: { days: 0, runs: 1.5 }, dataDir: '' }",
      [
        "settings-invalid 1:73 runtime.dataDir: dataDir must not be empty.",
        "settings-invalid 1:24 runtime.durability: durability must be full or relaxed. Did you mean full?",
        "settings-invalid 1:48 runtime.retention.days: days must be a whole number from 1.",
        "settings-invalid 1:57 runtime.retention.runs: runs must be a whole number from 1.",
      ],
    ],
    [
      "network: 1\nplugins: []",
      [
        "settings-invalid 1:10 network: network must be a map of keys and values, not a number.",
        "settings-invalid 2:10 plugins: plugins must be a map of keys and values, not a list.",
      ],
    ],
    [
      "network: { proxyUrl: '${env:PROXY_URI}' }",
      [
        "settings-invalid 1:22 network.proxyUrl: The environment variable PROXY_URI is not set. Set it, or add PROXY_URI=... to the .env file; there is a variable PROXY_USER.",
      ],
    ],
    [
      "network: { constructor: 1 }",
      [
        'settings-invalid 1:12 network.constructor: The key "constructor" is not known here. Known keys here: allowedHosts, denyPrivateAddresses, responseTimeout, maxResponseContentLength, ssl, customHostSettings, proxyUrl, proxyHeaders, proxyUsername, proxyPassword, proxyBypassHosts, proxyOnlyHosts.',
      ],
    ],
    ["network: [\n", ["yaml-invalid"]],
    ["network: {}\nnetwork: {}", ["yaml-invalid 2:1 : This key stands twice in the same map. Keep one of the two."]],
  ])("finds what is wrong with %j", async (text, expected) => {
    const found = places(await load(text));
    expect(found).toHaveLength(expected.length);
    for (const [index, line] of expected.entries()) expect(found[index]).toContain(line);
  });

  it("never shows values that references gave", async () => {
    const loaded = await load(
      "network: { proxyUrl: '${env:PROXY_PASSWORD}', responseTimeout: '${env:PROXY_PASSWORD}', ssl: { verificationMode: '${env:PROXY_PASSWORD}' } }",
    );
    expect(loaded.findings).toHaveLength(3);
    expect(JSON.stringify(loaded.findings)).not.toContain("proxy-pass");
  });

  it("says that a named file is missing", async () => {
    const { settings, findings } = await loadSettings(join(folder, "nope.yaml"), {}, "/project");
    expect(findings).toMatchObject([{ code: "usage-invalid", severity: "error", file: join(folder, "nope.yaml") }]);
    expect(settings).toEqual(defaultSettings("/project"));
  });
});
