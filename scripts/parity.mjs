// `npm run parity`: every row of docs/parity names a test that is there, and that passed in the last run
// (tests against real systems, in `real/`, have a run of their own and need only be there). A row without one says why.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = "docs/parity";
const REPORT = "reports/vitest.json";
const problems = [];
const notRun = new Set();
let rows = 0;

const report = JSON.parse(readFileSync(REPORT, "utf8"));
const results = new Map(report.testResults.map(({ name, assertionResults }) => [resolve(name), assertionResults]));

for (const page of readdirSync(FOLDER).filter((name) => name !== "README.md")) {
  readFileSync(join(FOLDER, page), "utf8")
    .split("\n")
    .forEach((line, index) => {
      const cells = /^\| (.*) \|$/
        .exec(line)?.[1]
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
      if (cells === undefined || /^-+$/.test(cells[0]) || cells.at(-1) === "Test") return;
      rows += 1;
      checkRow(`${FOLDER}/${page}:${index + 1}`, cells);
    });
}
for (const file of notRun) problems.push(`${file} did not run. Run it: npx vitest run ${file}`);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
} else console.log(`${rows} rows, each with its test or a reason.`);

function checkRow(place, cells) {
  const [, ours = "", test = ""] = cells;
  const named = [...test.matchAll(/`([^`]+\.test\.ts)` — "((?:[^"\\]|\\.|"(?!,|$))+)"(?=,|$)/g)];
  if (cells.length !== 3) problems.push(`${place}: the row has ${cells.length} cells instead of 3.`);
  else if (named.length === 0 && !(test === "" && ours.startsWith("Not here")))
    problems.push(`${place}: the row names no test, and does not say why ("Not here: …").`);
  for (const [, file, title] of named) checkTest(place, file, title);
}

function checkTest(place, file, title) {
  if (!existsSync(file)) return problems.push(`${place}: there is no file ${file}.`);
  if (file.includes("/real/")) {
    if (!readFileSync(file, "utf8").includes(title)) problems.push(`${place}: ${file} has no test "${title}".`);
    return;
  }
  const fixed = title.replaceAll(/%[sdifjoO#]|\$\w+(?:\.\w+)*/g, "");
  if (!/\p{L}{3}/u.test(fixed)) return problems.push(`${place}: "${title}" would be any test of ${file}.`);
  const tests = results.get(resolve(file));
  if (tests === undefined) return void notRun.add(file);
  const named = tests.filter(({ fullName }) => patternOf(title).test(fullName));
  if (named.length === 0) problems.push(`${place}: ${file} has no test "${title}".`);
  else if (named.some(({ status }) => status !== "passed"))
    problems.push(`${place}: ${file}, "${title}" did not pass.`);
}

/** A title as the file spells it: what a table of cases puts into it may be anything. */
function patternOf(title) {
  const parts = title.split(/%[sdifjoO#]|\$\w+(?:\.\w+)*/);
  return new RegExp(parts.map((part) => RegExp.escape(part)).join("[^]*"));
}
