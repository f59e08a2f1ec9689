/** `stepwire connectors add` beside others that write to the same files, and what becomes of the files themselves. */
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, linkSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from "node:fs";
import type * as FilePromises from "node:fs/promises";
import { chown, lstat, rename } from "node:fs/promises";
import { hostname } from "node:os";
import { parseEnv } from "node:util";

import { expect, it, vi } from "vitest";

import { commitFiles, type FileChange } from "../src/add/commit-files.ts";
import { withLocks } from "../src/add/file-lock.ts";
import { stepwire, stepwireJson } from "./support/command.ts";
import { makeFolder, makeProject, onCleanup, type ProjectFolder } from "./support/project.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof FilePromises>();
  return {
    ...real,
    rename: vi.fn<typeof rename>(real.rename),
    chown: vi.fn<typeof chown>(real.chown),
    lstat: vi.fn<typeof lstat>(real.lstat),
  };
});
const realRename = vi.mocked(rename).getMockImplementation() ?? rename;

/** What happens as soon as a file has been moved to its place. */
function afterMoveTo(file: string, then: () => void): void {
  vi.mocked(rename).mockImplementation(async (from, to) => {
    await realRename(from, to);
    if (to === file) then();
  });
  onCleanup(() => void vi.mocked(rename).mockImplementation(realRename));
}

const hookOf = (name: string) => `https://hooks.slack.com/services/T0/B0/of-${name}`;
const add = (project: ProjectFolder, name: string, ...more: string[]) =>
  stepwire(["connectors", "add", "slack", "--yes", `--name=${name}`, "--secret=webhookUrl=-", ...more], {
    cwd: project.folder,
    stdin: hookOf(name),
  });
const read = (project: ProjectFolder, name: string) => readFileSync(project.file(name), "utf8");
const change = (file: string, before: string | undefined, after: string): FileChange => ({
  file,
  before: before === undefined ? undefined : Buffer.from(before),
  after: Buffer.from(after),
  mode: 0o600,
});

it("keeps every connector and every secret of many commands at once", async () => {
  for (const start of [{}, { ".env": "", "connectors.yaml": "connectors:\n" }, {}]) {
    const project = makeProject(start);
    const names = Array.from({ length: 8 }, (_, index) => `c${index}`);
    const results = await Promise.all(names.map((name) => add(project, name)));
    for (const result of results) expect(result, result.stderr).toMatchObject({ status: 0 });
    const expected = names.map((name) => [`${name.toUpperCase()}_WEBHOOK_URL`, hookOf(name)]);
    expect({ ...parseEnv(read(project, ".env")) }).toEqual(Object.fromEntries(expected));
    const { json } = await stepwireJson(["connectors", "list"], { cwd: project.folder });
    const { connectors } = json as { connectors: { name: string }[] };
    expect(connectors.map(({ name }) => name).toSorted()).toEqual(names);
    expect(readdirSync(project.folder).toSorted()).toEqual([".env", "connectors.yaml", "node_modules", "package.json"]);
  }
});

it("lets one of several commands have a name", async () => {
  const project = makeProject();
  const results = await Promise.all(Array.from({ length: 4 }, () => add(project, "same")));
  expect(results.filter(({ status }) => status === 0)).toHaveLength(1);
  const refused = results.filter(({ status }) => status === 2);
  expect(refused).toHaveLength(3);
  for (const { stderr } of refused) expect(stderr).toContain('There is a connector "same" already');
  expect(read(project, "connectors.yaml").match(/name: same/g)).toHaveLength(1);
});

it("shares one lock among commands that get to a file in different ways", async () => {
  const project = makeProject({ "shared/real.yaml": "connectors: []\n", ".env": "" });
  symlinkSync("shared/real.yaml", project.file("connectors.yaml"));
  // Two files of connectors, and one of secrets.
  const ways = [[], ["--connectors=shared/real.yaml", "--env-file=.env"], ["--connectors=other.yaml"]];
  const added = ways.flatMap((way, index) => [add(project, `a${index}`, ...way), add(project, `b${index}`, ...way)]);
  for (const result of await Promise.all(added)) expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(Object.keys(parseEnv(read(project, ".env")))).toHaveLength(6);
  expect(read(project, "shared/real.yaml").match(/name:/g)).toHaveLength(4);
  expect(read(project, "other.yaml").match(/name:/g)).toHaveLength(2);
});

it("leaves what another program wrote while it was writing", async () => {
  const made = makeFolder({ ".env": "A=1\n", "connectors.yaml": "connectors: []\n" });
  afterMoveTo(made.file(".env"), () =>
    made.write({ ".env": "A=1\nMINE=1\nOTHER=2\n", "connectors.yaml": "connectors: [other]\n" }),
  );
  const changes = [
    change(made.file(".env"), "A=1\n", "A=1\nMINE=1\n"),
    change(made.file("connectors.yaml"), "connectors: []\n", "connectors: [mine]\n"),
  ];
  await expect(commitFiles(changes)).rejects.toThrow(
    `connectors.yaml was changed by something else in the meantime. ${made.file(".env")} was changed by something else, too, and keeps what was added to it.`,
  );
  expect(read(made, ".env")).toBe("A=1\nMINE=1\nOTHER=2\n");
  expect(read(made, "connectors.yaml")).toBe("connectors: [other]\n");
  expect(readdirSync(made.folder)).toHaveLength(2);
});

it("sets the first files back where a later one was changed or cannot be written", async () => {
  const made = makeFolder({ old: "old", last: "last" });
  const changes = [
    change(made.file("old"), "old", "new"),
    change(made.file("made"), undefined, "new"),
    change(made.file("last"), "last", "new"),
  ];
  afterMoveTo(made.file("made"), () => made.write({ last: "by another" }));
  await expect(commitFiles(changes)).rejects.toThrow("last was changed by something else in the meantime. Nothing");
  expect(read(made, "old")).toBe("old");
  expect(readdirSync(made.folder).toSorted()).toEqual(["last", "old"]);

  made.write({ last: "last" });
  vi.mocked(rename).mockImplementation(async (from, to) => {
    if (to === made.file("last")) throw Object.assign(new Error("full"), { code: "ENOSPC", syscall: "rename" });
    await realRename(from, to);
  });
  await expect(commitFiles(changes)).rejects.toThrow("last cannot be written (ENOSPC). Nothing was changed.");
  expect(read(made, "old")).toBe("old");
  expect(readdirSync(made.folder).toSorted()).toEqual(["last", "old"]);
});

const never = new AbortController().signal;
const lockOf = (made: ProjectFolder) => made.file(".file.lock");
const holder = (pid: number, host = hostname()) =>
  JSON.stringify({ pid, host, since: "2026-01-02T03:04:05.678Z", token: "t" });
/** The id of a process that is gone. */
const pidOfNone = () => spawnSync(process.execPath, ["--version"]).pid;
const age = (file: string) => utimesSync(file, new Date(0), new Date(0));

it("waits for a lock, says who has it, and stops waiting", async () => {
  const made = makeFolder({ ".file.lock": holder(process.pid) });
  const work = vi.fn<() => Promise<void>>();
  await expect(withLocks([made.file("file")], never, work, 100)).rejects.toThrow(
    `Another stepwire is writing to ${made.file("file")} (process ${process.pid} on ${hostname()}, since 2026-01-02T03:04:05.678Z). Nothing was changed.`,
  );
  // Whose it is cannot be known: of another machine, or of nobody that we know.
  for (const text of [holder(pidOfNone(), "elsewhere"), "", "{}", holder(0)]) {
    made.write({ ".file.lock": text });
    await expect(withLocks([made.file("file")], never, work, 0)).rejects.toThrow("Another stepwire is writing");
  }
  await expect(withLocks([made.file("file")], AbortSignal.abort(), work)).rejects.toMatchObject({ code: "cancelled" });
  expect(work).not.toHaveBeenCalled();
  expect(existsSync(lockOf(made))).toBe(true);
});

it("takes over a lock that a killed process left behind", async () => {
  const made = makeFolder({ ".file.lock": holder(pidOfNone()) });
  expect(await withLocks([made.file("file")], never, async () => readdirSync(made.folder))).toEqual([".file.lock"]);
  for (const text of [holder(process.pid), holder(1, "elsewhere"), ""]) {
    made.write({ ".file.lock": text, ".file.lock.guard": "" });
    age(lockOf(made));
    // The one who took it over before was killed, too.
    age(`${lockOf(made)}.guard`);
    expect(await withLocks([made.file("file")], never, async () => "done")).toBe("done");
    expect(readdirSync(made.folder)).toEqual([]);
  }
});

it("gives a lock that was left behind to one at a time", async () => {
  const made = makeFolder({ ".file.lock": holder(pidOfNone()) });
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (inside += 1));
    // As long as it takes to read and write something.
    await realRename(made.file("nothing"), made.file("nowhere")).catch(() => undefined);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 16 }, () => withLocks([made.file("file")], never, work)));
  expect(most).toBe(1);
  expect(readdirSync(made.folder)).toEqual([]);
});

it("does not take away the lock of one who was faster", async () => {
  const made = makeFolder({ ".file.lock": holder(pidOfNone()) });
  // The lock is judged by what was read of it before.
  const real = vi.mocked(lstat).getMockImplementation() ?? lstat;
  vi.mocked(lstat).mockImplementationOnce((file) => {
    made.write({ ".file.lock": holder(process.pid) });
    return real(file);
  });
  const work = vi.fn<() => Promise<void>>();
  await expect(withLocks([made.file("file")], never, work, 0)).rejects.toThrow(`process ${process.pid}`);
  expect(readFileSync(lockOf(made), "utf8")).toBe(holder(process.pid));
});

it("leaves a lock alone that somebody else has taken over", async () => {
  const made = makeFolder();
  await withLocks([made.file("file")], never, async () => made.write({ ".file.lock": "another's" }));
  expect(readFileSync(lockOf(made), "utf8")).toBe("another's");
  await withLocks([made.file(".env"), made.file("a")], never, async () => {
    expect(readdirSync(made.folder).toSorted()).toEqual([".a.lock", ".env.lock", ".file.lock"]);
  });
});

it("writes into a file that has other names, so that they stay names of it", async () => {
  const project = makeProject({ "connectors.yaml": "connectors: []\n", ".env": "A=1\n" });
  linkSync(project.file("connectors.yaml"), project.file("same.yaml"));
  linkSync(project.file(".env"), project.file("same.env"));
  const result = await add(project, "new");
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project, "same.yaml")).toContain("name: new");
  expect(read(project, "same.env")).toContain("NEW_WEBHOOK_URL");
  expect(statSync(project.file(".env")).nlink).toBe(2);
});

// Only root can make files that are somebody else's.
const isRoot = process.getuid?.() === 0;

it.runIf(isRoot)("keeps the owners of the files", async () => {
  const project = makeProject({ "connectors.yaml": "connectors: []\n", ".env": "" });
  for (const name of ["connectors.yaml", ".env"]) chownSync(project.file(name), 12_345, 54_321);
  const result = await add(project, "new");
  expect(result, result.stderr).toMatchObject({ status: 0 });
  for (const name of ["connectors.yaml", ".env"])
    expect(statSync(project.file(name))).toMatchObject({ uid: 12_345, gid: 54_321 });
});

it.runIf(isRoot)("writes into a file whose owner it could not keep", async () => {
  const made = makeFolder({ file: "old\n" });
  chownSync(made.file("file"), 12_345, 54_321);
  const { ino } = statSync(made.file("file"));
  vi.mocked(chown).mockRejectedValueOnce(Object.assign(new Error("no"), { code: "EPERM", syscall: "chown" }));
  await commitFiles([change(made.file("file"), "old\n", "old\nnew\n")]);
  expect(read(made, "file")).toBe("old\nnew\n");
  expect(statSync(made.file("file"))).toMatchObject({ uid: 12_345, gid: 54_321, ino });
});
