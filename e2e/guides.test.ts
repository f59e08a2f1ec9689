/** What the guides for authors say of the kit, of commands and of each other. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { HELP } from "../apps/runner/src/help.ts";
import { HELP as KIT_HELP } from "../packages/testkit/src/cli/help.ts";
import { GROUPS, UNCHECKED } from "../packages/testkit/src/kit/groups.ts";
import { blocksOf } from "./support/guide.ts";
import { anchorsOf, linksOf } from "./support/links.ts";
import { execute } from "./support/npm.ts";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const guides = readdirSync(path.join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
const env = { PATH: [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter) };

/** Every page that people read, also on npm. */
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
  ...["packages", "apps", "examples"].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
].filter((file) => file.endsWith(".md") && existsSync(path.join(root, file)));

it("has no link into nothing", () => {
  expect(pages.length).toBeGreaterThan(50);
  const dead = pages.flatMap((page) =>
    linksOf(read(page)).flatMap((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(root, target))) return [`${page}: ${link}`];
      const isPage = anchor !== undefined && statSync(path.join(root, target)).isFile();
      return isPage && !anchorsOf(read(target)).includes(anchor) ? [`${page}: ${link}`] : [];
    }),
  );
  expect(dead).toEqual([]);
});

it("finds links and anchors", () => {
  const page =
    "# One `two`\n\n[a](b.md#c) [d][e] ![f](g.png)\n\n[e]: h.md\n\n```md\n[not](this.md)\n# Nor this\n```\n\n`[nor](that.md)`\n\n## One `two`\n";
  expect(linksOf(page)).toEqual(["b.md#c", "g.png", "h.md"]);
  expect(anchorsOf(page)).toEqual(["one-two", "one-two-1"]);
});

/** The words in the first column of the table under a heading. */
function firstColumn(page: string, heading: string): string[] {
  const section =
    read(page)
      .split(/^(?=#+ )|^(?=Not looked at)/m)
      .find((part) => part.startsWith(heading)) ?? "";
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name);
}

it("says of every group of the kit what it catches, and of no other", () => {
  const page = "docs/guides/testing.md";
  expect(firstColumn(page, "### What each group catches")).toEqual(GROUPS.map(({ id }) => id));
  expect(firstColumn(page, "Not looked at")).toEqual(UNCHECKED.map(({ id }) => id));
});

it("names commands that there are", () => {
  const kit = [...KIT_HELP.matchAll(/^ *(stepwire-kit [a-z]+)/gm)].map(([, command]) => command);
  const commands = new Set([...kit, ...Object.keys(HELP).map((command) => `stepwire ${command}`)]);
  const named = guides.flatMap((page) => {
    const spans = read(page).matchAll(/(?:^|`)(?:npx )?(stepwire(?:-kit)? [a-z]+)/gm);
    return [...spans].map(([, command]) => `${page}: ${command}`);
  });
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((text) => !commands.has(text.slice(text.indexOf(": ") + 2)))).toEqual([]);
});

it("runs a workflow with Node's own permissions around it, and is refused without them", async () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-permission-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "node_modules"));
  symlinkSync(path.join(root, "apps/runner"), path.join(folder, "node_modules/stepwire"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "name": "reader" }');
  writeFileSync(
    path.join(folder, "alert.yaml"),
    "name: alert\nsteps:\n  - name: say\n    type: console\n    with: { message: hi }\n",
  );
  const shown = blocksOf(read("docs/guides/security.md")).find(({ name }) => name === "run")?.text ?? "";
  const allowed = await execute("sh", ["-c", shown], folder, env);
  expect(allowed, allowed.stderr).toMatchObject({ status: 0 });

  const refused = await execute("sh", ["-c", shown.replace("=.stepwire/", "=elsewhere/")], folder, env);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain("(storage)");
});
