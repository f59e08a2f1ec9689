/** For every way to log in and every method: what is written builds, type-checks, passes the conformance kit, and packs. */
import { expect, it } from "vitest";

import { execute, kit, link, piped, tempFolder } from "./support.ts";

const PACKAGES = [
  ["none", "listPages", "GET", "/pages"],
  ["basic", "getPage", "GET", "/pages/{id}"],
  ["bearer", "page", "POST", "/pages"],
  ["api-key-header", "setPage", "PUT", "/pages/{text}"],
  ["api-key-query", "changePage", "PATCH", "/pages/{id}:archive"],
  ["envelope", "removePage", "DELETE", "/pages/{id}/notes/{note_id}"],
] as const;

/** What has to be looked at in each of them; other groups have nothing to look at in some. */
const GROUPS = "examples package listing import manifest schema answers connection retry abort docs".split(" ");

async function written(change: Record<string, string>): Promise<string> {
  const folder = tempFolder();
  const flags = { name: "acme/pager", title: "Pager & Co's", "base-url": "https://api.pager.example/v1", ...change };
  const given = Object.entries(flags).map(([key, value]) => `--${key}=${value}`);
  expect(await piped([...given, "--yes"], folder, [])).toMatchObject({ status: 0 });
  link(folder);
  return folder;
}

it.each(PACKAGES)("%s: %s, %s %s", async (auth, action, method, path) => {
  const folder = await written({ auth, action, method, path });

  const { status, said } = await execute("npm", ["test"], folder);
  expect(status, said).toBe(0);
  expect(said).not.toMatch(/skipped|todo/);
  const table = [...said.matchAll(/^([a-z-]+) +(passed|failed|expected|not-run) /gm)].map(([, ...row]) => row);
  const passed = table.filter(([, outcome]) => outcome === "passed").map(([group]) => group);
  expect(passed).toEqual(expect.arrayContaining(GROUPS));
  expect(table.filter(([, outcome]) => outcome !== "passed" && outcome !== "not-run")).toEqual([]);

  expect(await execute("npm", ["run", "--silent", "typecheck"], folder)).toEqual({ status: 0, said: "" });
});

it("is packed without its tests, and checked by stepwire-kit", async () => {
  const folder = await written({ auth: "bearer", action: "setPage", method: "PUT", path: "/pages/{id}" });
  expect(await execute("npm", ["run", "build"], folder)).toMatchObject({ status: 0 });

  const packed = await execute("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], folder);
  const [pack] = JSON.parse(packed.said) as { files: { path: string }[] }[];
  expect(pack?.files.map((file) => file.path).toSorted()).toEqual([
    "README.md",
    "dist/connection.d.ts",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/set-page.d.ts",
    "dist/stepwire.json",
    "package.json",
  ]);
  const checked = await execute(process.execPath, [kit, "check"], folder);
  expect(checked.status, checked.said).toBe(0);
  expect(checked.said).toMatch(/^examples +passed/m);
});
