/** Links in the pages about workflows lead somewhere, and their index has all of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../../docs/workflow/", import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
const textOf = (page: URL): string => readFileSync(page, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");

/** Anchors as GitHub makes them of headings. */
function anchorsOf(page: URL): string[] {
  const headings = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map((match) => (match[1] ?? "").toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-"));
}

test.each(pages)("%s", (page) => {
  const here = new URL(page, folder);
  const links = [...textOf(here).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  const broken = links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const target = new URL(link, here);
    const anchor = target.hash.slice(1);
    target.hash = "";
    return !existsSync(target) || (anchor !== "" && !anchorsOf(target).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test("the index has every page", () => {
  const index = textOf(new URL("README.md", folder));
  const [, all = ""] = index.split("## All pages");
  expect(pages.filter((page) => page !== "README.md" && !all.includes(`(${page})`))).toEqual([]);
});
