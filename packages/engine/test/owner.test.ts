import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, onTestFinished, test } from "vitest";

import { Owner } from "../src/embedded/owner.ts";
import { temporaryFolder } from "./kit.ts";

/** A process that is an owner, and says whom it takes to be alive. */
async function startOwner(folder: string) {
  const child = fork(new URL("owner-process.ts", import.meta.url), [folder], {
    execArgv: ["--conditions=@stepwire/source", "--no-warnings"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [token] = (await once(child, "message")) as [string];
  return {
    token,
    signal: (name: NodeJS.Signals) => child.kill(name),
    async isAlive(other: string): Promise<unknown> {
      const answer = once(child, "message");
      child.send(other);
      return (await answer)[0] as unknown;
    },
    async kill(): Promise<void> {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

const lockOf = (folder: string, token: string): string => path.join(folder, "owners", token);

function owner(folder: string): Owner {
  const made = new Owner(folder);
  onTestFinished(() => made.close());
  return made;
}

describe("an owner of runs", () => {
  test("is alive for all until it is killed, also while it is stopped", async () => {
    const folder = temporaryFolder();
    const [one, two] = [await startOwner(folder), await startOwner(folder)];
    const own = owner(folder);
    expect(await one.isAlive(two.token)).toBe(true);
    expect(await one.isAlive(own.token)).toBe(true);
    expect(own.isAlive(two.token)).toBe(true);
    two.signal("SIGSTOP");
    expect(own.isAlive(two.token)).toBe(true);
    await two.kill();
    expect(own.isAlive(two.token)).toBe(false);
    expect(await one.isAlive(two.token)).toBe(false);
    // To ask leaves no trace.
    expect(readdirSync(path.join(folder, "owners")).toSorted()).toEqual([one.token, two.token, own.token].toSorted());
  });

  test("is alive for others, whatever else in its process asks for it", async () => {
    const folder = temporaryFolder();
    const [one, two] = [owner(folder), owner(folder)];
    expect(one.isAlive(two.token)).toBe(true);
    expect(two.isAlive(one.token)).toBe(true);
    const other = await startOwner(folder);
    expect(await other.isAlive(one.token)).toBe(true);
    expect(await other.isAlive(two.token)).toBe(true);
  });

  test("is alive for others after many came and went in its process", async () => {
    const folder = temporaryFolder();
    const one = owner(folder);
    for (let i = 0; i < 200; i += 1) {
      const short = new Owner(folder);
      short.isAlive(one.token);
      short.close();
    }
    const other = await startOwner(folder);
    expect(await other.isAlive(one.token)).toBe(true);
    expect(readdirSync(path.join(folder, "owners"))).toHaveLength(2);
  });

  test("takes its lock with it, though a process that it started is still there", async () => {
    const folder = temporaryFolder();
    const one = await startOwner(folder);
    const own = new Owner(folder);
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "spawn");
    expect(await one.isAlive(own.token)).toBe(true);
    own.close();
    expect(await one.isAlive(own.token)).toBe(false);
  });

  test("that is gone is gone for each of several that ask at the same time", () => {
    const folder = temporaryFolder();
    const own = owner(folder);
    const token = "1-00000000-0000-0000-0000-000000000000";
    writeFileSync(lockOf(folder, token), "");
    // Another process in the middle of asking.
    const asking = new DatabaseSync(lockOf(folder, token));
    asking.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    expect(own.isAlive(token)).toBe(false);
    asking.close();
  });

  test("that is not there is not made by asking", () => {
    const folder = temporaryFolder();
    const own = owner(folder);
    expect(own.isAlive("1-nobody")).toBe(false);
    expect(existsSync(lockOf(folder, "1-nobody"))).toBe(false);
  });

  test("takes away what the dead left, and nothing of those who live or have just come", async () => {
    const folder = temporaryFolder();
    const [alive, dead] = [await startOwner(folder), await startOwner(folder)];
    await dead.kill();
    const young = "1-young";
    writeFileSync(lockOf(folder, young), "");
    const old = new Date(Date.now() - 3_600_000);
    for (const token of [alive.token, dead.token]) utimesSync(lockOf(folder, token), old, old);
    const own = owner(folder);
    expect(readdirSync(path.join(folder, "owners")).toSorted()).toEqual([alive.token, young, own.token].toSorted());
    expect(own.isAlive(alive.token)).toBe(true);
  });
});
