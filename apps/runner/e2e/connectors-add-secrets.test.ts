/** What `stepwire connectors add` says and keeps of secrets that were put in the wrong place. */
import { chmodSync, existsSync, readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, type ProjectFolder } from "./support/project.ts";

const HTTP = ["connectors", "add", "http", "--name=api", "--set=url=https://api.example"];
const read = (project: ProjectFolder, name = "connectors.yaml") => readFileSync(project.file(name), "utf8");
const lines = (...answers: string[]) => answers.map((answer) => `${answer}\n`).join("");

it.each([
  ["slack --secret webhookUrl https://h.example/SECRET", "there is 1 word too many"],
  ["slack https://h.example/SECRET SECRET", "there are 2 words too many"],
  ["https://h.example/SECRET", "no name of a type"],
  ["slack --secret https://h.example/SECRET?a=x", "--secret: The type slack has no such key under secrets"],
  ["slack --secret webhookUrl=env:A --secret SECRET==", "--secret number 2: The type slack has no such key"],
  ["slack --secret webhookUrl=env:A --secret SECRET", "--secret number 2: It is no KEY=WHERE, in one word."],
  ["slack --secret webhookUrl=SECRET", "--secret: It holds the secret itself"],
  ["slack --secret webhookUrl=env:SECRET-1", "what stands behind env: is no name"],
  ["http --secret secretHeaders.Authorization:SECRET==", "It holds the secret itself"],
  ["slack --set https://h.example/SECRET", "--set: It is no KEY=VALUE"],
  ["slack --set https://h.example/SECRET?a=x", "--set: The type slack has no such key under config"],
])("does not repeat what may be a secret: %s", async (args, says) => {
  const project = makeProject();
  const all = ["connectors", "add", ...args.split(" "), "--name=x", "--yes"];
  const { status, stdout, stderr } = await stepwire(all, { cwd: project.folder });
  expect(status).toBe(2);
  expect(stderr.toLowerCase()).toContain(says.toLowerCase());
  expect(stdout + stderr).not.toContain("SECRET");
});

it.each([
  ["proxyUrl=http://bob:SECRET@proxy.example:3128", "give proxyUsername and proxyPassword instead"],
  ["proxyUrl=http://SECRET@proxy.example", "give proxyUsername and proxyPassword instead"],
  ["proxyUrl=http://${env:USER}:SECRET@proxy.example", "give proxyUsername and proxyPassword instead"],
  ["url= HTTPS:\\\\bob:SECRET@api.example", "credentials belong under secrets"],
  ["url=https:bob:SECRET@api.example", "credentials belong under secrets"],
  ["headers.Origin=ftp://bob:SECRET@api.example", "credentials belong under secrets"],
  ["accessTokenUrl=https://bob:p@SECRET@api.example", "credentials belong under secrets"],
  ['additionalFields={"a": ["http://bob:SECRET@api.example"]}', "credentials belong under secrets"],
])("refuses a URL with a user or a password in the configuration: %s", async (set, says) => {
  const project = makeProject();
  const { status, stderr } = await stepwire([...HTTP, "--yes", "--set", set], { cwd: project.folder });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown });
  expect(stderr).toContain("anybody could read in the connectors file");
  expect(stderr).not.toContain("SECRET");
});

it("takes references in a URL, and an @ that is elsewhere", async () => {
  const project = makeProject();
  const sets = ["proxyUrl=http://bob:${env:PROXY_PW}@proxy.example:3128", "headers.From=https://api.example/@me?a=b@c"];
  const args = [...HTTP, "--yes", "--set=authType=none", ...sets.map((set) => `--set=${set}`)];
  const result = await stepwire(args, { cwd: project.folder, env: { PROXY_PW: "long-enough" } });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project)).toContain("proxyUrl: http://bob:${env:PROXY_PW}@proxy.example:3128\n");
});

it("asks again for a URL with a user or a password", async () => {
  const project = makeProject();
  const stdin = lines("https://bob:SECRET@api.example", "https://api.example", "none", "n", "n");
  const args = ["connectors", "add", "http", "--name=api"];
  const result = await stepwire(args, { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(result.stderr).toContain("credentials belong under secrets");
  expect(result.stderr + read(project)).not.toContain("SECRET");

  const redmine = ["connectors", "add", "cases-webhook", "--preset=redmine"];
  const set = await stepwire([...redmine, "--yes", "--set=base=https://bob:SECRET@r.example"], { cwd: project.folder });
  expect(set).toMatchObject({ status: 2, stderr: expect.stringContaining("--set base: The URL holds") as unknown });
  const typed = await stepwire(redmine, { cwd: project.folder, stdin: lines("https://bob:SECRET@r.example") });
  expect(typed).toMatchObject({ status: 2, stderr: expect.stringContaining("The URL holds a user") as unknown });
  expect(set.stderr + typed.stderr).not.toContain("SECRET");
});

it.each([
  ["none", [], "hasAuth: false"],
  ["basic", ["user=bob", "password=env:PW"], "hasAuth: true\n      authType: webhook-authentication-basic"],
  [
    "oauth2-client-credentials",
    ["clientSecret=env:PW"],
    "hasAuth: true\n      authType: webhook-oauth2-client-credentials",
  ],
  ["query-param", ["secretQueryParams.k=env:PW"], "hasAuth: true\n      authType: http-authentication-query-param"],
])("takes the question's word for a way to log in as a flag: %s", async (word, secrets, written) => {
  const project = makeProject();
  const oauth = word.startsWith("oauth2") ? ["--set=accessTokenUrl=https://l.example", "--set=clientId=me"] : [];
  // The last word counts, as a whole.
  const words = [`--set=authType=ssl-pfx`, `--set=authType=${word}`, ...oauth];
  const args = [...HTTP, "--yes", ...words, ...secrets.map((secret) => `--secret=${secret}`)];
  const result = await stepwire(args, { cwd: project.folder, env: { PW: "long-enough" } });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project)).toContain(`      ${written}\n`);
  expect(read(project)).not.toContain("certType");
});

it.each([
  ["http", "authType=bsic", "It is one of none, basic, ssl-crt-key", "Did you mean basic?"],
  ["http", "authType=xyz", "query-param, webhook-authentication-basic, webhook-authentication-ssl", ""],
  ["http", "hasAuth=maybe", "--set hasAuth: Answer yes or no.", ""],
  ["http", "certType=pem", "--set certType: It is one of ssl-crt-key, ssl-pfx.", ""],
  ["cases-webhook", "authType=query-param", "--set authType: It is one of none, basic, ssl-crt-key, ssl-pfx, web", ""],
])("lists what there is: %s --set %s", async (type, set, says, hint) => {
  const project = makeProject();
  const { status, stderr } = await stepwire(["connectors", "add", type, "--name=a", "--yes", "--set", set], {
    cwd: project.folder,
  });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown });
  expect(stderr).toContain(hint);
});

const PEM = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQ+/=\n".repeat(20)}-----END PRIVATE KEY-----`;

it("swallows a PEM that is pasted where a path is asked for", async () => {
  const project = makeProject();
  const args = [...HTTP, "--set=authType=ssl-crt-key"];
  const { status, stderr } = await stepwire(args, { cwd: project.folder, stdin: lines(PEM, "MIIEvQ+/=", PEM) });
  expect(status).toBe(2);
  expect(stderr.match(/nothing of it was kept/g)).toHaveLength(2);
  expect(stderr.match(/There is no such file/g)).toHaveLength(1);
  // Nothing but the crt has been asked for.
  expect(stderr).not.toMatch(/MIIE|^ {2}key: /m);
});

it("takes a PEM as one answer where a secret is typed, and as none where a name is", async () => {
  const project = makeProject();
  const stdin = lines(PEM, "api", "https://api.example", "basic", "bob", PEM, "n", "n");
  const result = await stepwire(["connectors", "add", "http"], { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(result.stderr).not.toContain("MIIE");
  expect(result.stderr).toContain("The name holds a line break");
  expect(read(project, ".env")).toBe(`API_PASSWORD='${PEM}'\n`);
});

it.skipIf(process.platform === "win32")("warns of secrets that every user can read, and doctor does", async () => {
  const project = makeProject({ ".env": "A=1\n" });
  const add = (name: string) =>
    stepwire(["connectors", "add", "slack", "--yes", `--name=${name}`, "--secret=webhookUrl=-"], {
      cwd: project.folder,
      stdin: `https://hooks.slack.com/services/T0/B0/${name}`,
    });
  const doctor = async () => {
    const { json } = await stepwireJson(["doctor"], { cwd: project.folder });
    return (json as { findings: { severity: string; file?: string }[] }).findings;
  };
  chmodSync(project.file(".env"), 0o644);
  const open = await add("first");
  expect(open).toMatchObject({ status: 0, stderr: expect.stringContaining("chmod o-r .env ends that") as unknown });
  expect(await doctor()).toMatchObject([{ severity: "warning", file: project.file(".env") }]);
  chmodSync(project.file(".env"), 0o640);
  expect(await add("second")).toMatchObject({ status: 0, stderr: "" });
  expect(await doctor()).toEqual([]);
  expect(existsSync(project.file(".connectors.yaml.lock"))).toBe(false);
});
