import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvironment } from "../src/files/env-file.ts";
import {
  defaultResolvers,
  findReferences,
  isLiteral,
  resolveReferences,
  splitReferences,
} from "../src/files/references.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-references-"));
  await mkdir(join(folder, "secrets"));
  await writeFile(join(folder, "secrets", "token"), "from a file\n");
  await writeFile(join(folder, "secrets", "two"), "x\r\n\r\n");
  await writeFile(join(folder, "secrets", "empty"), "");
  await writeFile(join(folder, "secrets", "nested"), "${env:TOKEN}");
  await writeFile(join(folder, "secrets", "nul"), Buffer.from([65, 0, 10]));
  await writeFile(join(folder, "secrets", "latin"), Buffer.from([0xe9, 10]));
  await writeFile(join(folder, ".env"), 'TOKEN=from .env\nREAL=from .env\nQUOTED="a b"\n');
  await writeFile(join(folder, "other.env"), "TOKEN=other\n");
});
afterAll(() => rm(folder, { recursive: true }));

const env = { TOKEN: "t0ken", EMPTY: "", TRICKY: "${env:TOKEN} $& $1", MULTI: "a\nb" };
const resolve = (value: unknown) => resolveReferences(value, { baseDir: folder, resolvers: defaultResolvers(env) });

describe("resolveReferences", () => {
  it.each([
    ["${env:TOKEN}", "t0ken"],
    ["Bearer ${env:TOKEN}!", "Bearer t0ken!"],
    ["${env:TOKEN}${env:TOKEN}", "t0kent0ken"],
    ["${ env:TOKEN}", "${ env:TOKEN}"],
    ["${env: TOKEN }", "t0ken"],
    ["${env:EMPTY}", ""],
    ["${env:TRICKY}", "${env:TOKEN} $& $1"],
    ["$${env:TOKEN}", "${env:TOKEN}"],
    ["$$${env:TOKEN}", "$${env:TOKEN}"],
    ["a $${ b", "a ${ b"],
    ["${FOO} ${} $ { $x {{case.title}} ${1:a}", "${FOO} ${} $ { $x {{case.title}} ${1:a}"],
    ["${file:secrets/token}", "from a file"],
    ["${file:./secrets/two}", "x\r\n"],
    ["${file:secrets/empty}|", "|"],
    ["${file:secrets/nested}", "${env:TOKEN}"],
    ["${file:secrets/nul}", "QQAK"],
    ["${file:secrets/latin}", "6Qo="],
  ])("%s gives %j", async (text, expected) => {
    expect(await resolve(text)).toEqual({ value: expected, problems: [] });
  });

  it("takes absolute paths", async () => {
    expect((await resolve(`\${file:${join(folder, "secrets/token")}}`)).value).toBe("from a file");
  });

  it("walks everything but keys, and leaves its argument alone", async () => {
    const value = JSON.parse(
      '{"a": ["${env:TOKEN}", 1, null, true], "${env:TOKEN}": {"b": "${env:TOKEN}"}, "__proto__": "${env:TOKEN}"}',
    ) as object;
    const copy = JSON.stringify(value);
    const result = await resolve(value);
    expect(JSON.stringify(result.value)).toBe(
      '{"a":["t0ken",1,null,true],"${env:TOKEN}":{"b":"t0ken"},"__proto__":"t0ken"}',
    );
    expect(JSON.stringify(value)).toBe(copy);
  });

  it("gathers all problems with their places, and shows no values", async () => {
    const { value, problems } = await resolve({
      a: "${env:TOKEM} ${env:NOPE}",
      b: ["${file:secrets/missing}", "${file:secrets}"],
      c: { d: "${emv:TOKEN}", e: "${env:TOKEN", f: "${env:}", g: "${vault:x}" },
      ok: "${env:TOKEN}",
      proto: "${constructor:x} ${env:constructor}",
    });
    expect(value).toMatchObject({ a: "${env:TOKEM} ${env:NOPE}", ok: "t0ken" });
    expect(problems.map(({ path, message }) => [path.join("."), message])).toEqual([
      ["a", "The environment variable TOKEM is not set."],
      ["a", "The environment variable NOPE is not set."],
      ["b.0", "The file secrets/missing does not exist."],
      ["b.1", "The file secrets is a folder."],
      ["c.d", "There is no kind of reference ${emv:...}; known are env, file."],
      ["c.e", "The reference ${env: is never closed."],
      ["c.f", "The reference ${env:} names nothing."],
      ["c.g", "There is no kind of reference ${vault:...}; known are env, file."],
      ["proto", "There is no kind of reference ${constructor:...}; known are env, file."],
      ["proto", "The environment variable constructor is not set."],
    ]);
    expect(problems[0]?.hint).toContain("TOKEN");
    expect(problems[2]?.hint).toContain(join(folder, "secrets", "missing"));
    expect(problems[4]?.hint).toBe("Did you mean ${env:...}?");
    expect(JSON.stringify(problems)).not.toContain("t0ken");
  });

  it("uses further resolvers", async () => {
    const vault = async (argument: string, { baseDir }: { baseDir: string }) => `${argument} in ${baseDir}`;
    const result = await resolveReferences("${vault:a:b}", { baseDir: "/base", resolvers: { vault } });
    expect(result).toEqual({ value: "a:b in /base", problems: [] });
  });
});

describe("findReferences", () => {
  it("lists them without resolving", () => {
    expect(findReferences("x ${env:A} $${env:B} ${file:c/d}")).toEqual([
      { text: "${env:A}", resolver: "env", argument: "A", start: 2 },
      { text: "${file:c/d}", resolver: "file", argument: "c/d", start: 21 },
    ]);
    expect([
      isLiteral("${env:A}"),
      isLiteral("x${file:a}"),
      isLiteral("plain"),
      isLiteral("$${env:A}"),
      isLiteral("${A}"),
    ]).toEqual([false, false, true, true, true]);
  });
});

describe("splitReferences", () => {
  it.each([
    ["", []],
    ["plain", ["plain"]],
    ["a ${env:A}${file:b} $${env:c}", ["a ", ["${env:A}"], ["${file:b}"], " $${env:c}"]],
    ["a ${env:never closed", ["a ${env:never closed"]],
  ])("cuts %j at its references", (text, parts) => {
    expect(splitReferences(text).map((part) => (part.literal ? part.text : [part.text]))).toEqual(parts);
  });
});

describe("readEnvironment", () => {
  it("reads a file with a byte order mark, and none that is not UTF-8", async () => {
    const [marked, latin] = [join(folder, "marked.env"), join(folder, "latin.env")];
    await writeFile(marked, "\uFEFFFIRST=1\nSECOND=2\n");
    await writeFile(latin, Buffer.from("PASSWORD=gr\u00FCn\n", "latin1"));
    expect((await readEnvironment({ folder, file: marked, env: {} })).variables).toEqual({ FIRST: "1", SECOND: "2" });
    const { variables, findings } = await readEnvironment({ folder, file: latin, env });
    expect(variables).toEqual(env);
    expect(findings).toEqual([
      {
        code: "usage-invalid",
        severity: "error",
        message: "The env file is not UTF-8 text.",
        file: latin,
        hint: "Save it as UTF-8.",
      },
    ]);
  });

  it("reads .env in the folder; the real environment wins", async () => {
    const result = await readEnvironment({ folder, env: { REAL: "real" } });
    expect(result.variables).toMatchObject({ TOKEN: "from .env", REAL: "real", QUOTED: "a b" });
    expect(result).toMatchObject({ file: join(folder, ".env"), findings: [] });
  });

  it("reads another file instead", async () => {
    const result = await readEnvironment({ folder, file: join(folder, "other.env"), env: {} });
    expect(result.variables).toEqual({ TOKEN: "other" });
  });

  it("needs only a named file to exist", async () => {
    const none = join(folder, "secrets");
    expect(await readEnvironment({ folder: none, env })).toEqual({ variables: env, file: undefined, findings: [] });
    const missing = join(folder, "nope.env");
    expect((await readEnvironment({ folder, file: missing, env })).findings).toMatchObject([
      { code: "usage-invalid", severity: "error", file: missing, message: "The env file does not exist." },
    ]);
    expect((await readEnvironment({ folder, file: none, env })).findings).toMatchObject([{ code: "usage-invalid" }]);
  });
});
