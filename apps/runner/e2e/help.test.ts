import { expect, it } from "vitest";

import { stepwire } from "./support/command.ts";
import { makeFolder } from "./support/project.ts";

const COMMANDS = ["run", "runs", "validate", "connectors", "types", "doctor", "schema", "init"];

it("names its version", async () => {
  const cwd = makeFolder().folder;
  expect((await stepwire(["--version"], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it("lists every command, and says how each is used", async () => {
  const cwd = makeFolder().folder;
  const { status, stdout } = await stepwire(["help"], { cwd });
  expect(status).toBe(0);
  for (const command of COMMANDS) {
    expect(stdout).toContain(`stepwire ${command}`);
    const [topic, option] = await Promise.all([
      stepwire(["help", command], { cwd }),
      stepwire([command, "--help"], { cwd }),
    ]);
    expect(topic).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringContaining(`stepwire ${command}`) as unknown,
    });
    expect(option.stdout).toBe(topic.stdout);
  }
});

it("refuses to do nothing, and to help with what it does not know", async () => {
  const cwd = makeFolder().folder;
  expect(await stepwire([], { cwd })).toMatchObject({ status: 2, stdout: "" });
  const { status, stderr } = await stepwire(["help", "vlidate"], { cwd });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("Did you mean validate?") as unknown,
  });
});

it.each([
  ["types", "a", "b"],
  ["doctor", "a"],
  ["connectors", "list", "a"],
])("refuses arguments that it would not read: %s %s", async (...args) => {
  const { status, stderr } = await stepwire(args, { cwd: makeFolder().folder });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("does not take") as unknown });
});
