import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Writes a page that is made from the code, or with `--check` compares it and ends with 1; `command` is the npm script
 * that calls this.
 */
export function generatedPage(file, command, parts) {
  const page = formatted(file, [`<!-- Written by \`npm run ${command}\`. -->`, ...parts].join("\n\n"));
  if (!process.argv.includes("--check")) writeFileSync(file, page);
  else if (readFileSync(file, "utf8") !== page) {
    console.error(`${file} is not what the code says. Write it: npm run ${command}`);
    process.exitCode = 1;
  }
}

/** As oxfmt would leave it, which CI asks of every file. */
export function formatted(file, text) {
  const { stdout, status, stderr } = spawnSync("npx", ["oxfmt", `--stdin-filepath=${file}`], {
    input: text,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`oxfmt failed: ${stderr}`);
  return stdout;
}
