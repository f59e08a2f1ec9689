// `npm run envelope-table` writes docs/envelope-table.md from the last test run; `-- --check` compares the two.
// Which cells there are is asked of the tests' own list, and what a cell says of the report: nothing is said by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { CELLS, MODES, PLACES } from "../packages/host/test/envelope-table/cells.ts";

const ROUTES = [...new Set(CELLS.map(({ route }) => route))];

const REPORT = "reports/vitest.json";
const TESTS = "packages/host/test/envelope-table.test.ts";
const PAGE = "docs/envelope-table.md";
const RUN_TESTS = `npx vitest run ${TESTS}`;

const MEANING = {
  full: "A server with a good certificate is called. Refused: one with another host name, one of an unknown authority, an expired one.",
  certificate:
    "A server whose certificate has another host name is called. Refused: one of an unknown authority, an expired one.",
  none: "A server of an unknown authority and an expired one are called, and no authority is given for them.",
};

const WHERE = {
  connector: "the connector's own `verificationMode` and `ca`",
  customHostSettings: "`network.customHostSettings`, for the target's address",
  ssl: "`network.ssl`, for every address",
};

try {
  const page = render(outcomes());
  if (!process.argv.includes("--check")) {
    writeFileSync(PAGE, page);
    console.log(`${PAGE}: ${CELLS.length} cells`);
  } else if (page !== committed()) {
    throw new Error(`${PAGE} is not what the tests say. Write it: npm run envelope-table`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Statuses of the table's tests by their names. */
function outcomes() {
  let report;
  try {
    report = JSON.parse(readFileSync(REPORT, "utf8"));
  } catch {
    throw new Error(`There is no report of a test run in ${REPORT}. Make one: ${RUN_TESTS}`);
  }
  // A test of the same name in another file proves nothing.
  const own = report.testResults.filter(({ name }) => resolve(name) === resolve(TESTS));
  const statuses = new Map(own.flatMap(({ assertionResults }) => assertionResults.map((t) => [t.title, t.status])));
  const wrong = CELLS.filter(({ name }) => statuses.get(name) !== "passed");
  if (wrong.length > 0) {
    const list = wrong.slice(0, 10).map(({ name }) => `  ${name}: ${statuses.get(name) ?? "did not run"}`);
    const more = wrong.length > list.length ? [`  and ${wrong.length - list.length} more`] : [];
    const what = `${wrong.length} of ${CELLS.length} cells of the envelope table have no passed test in ${REPORT}:`;
    throw new Error([what, ...list, ...more, `Run them: ${RUN_TESTS}`].join("\n"));
  }
  return statuses;
}

function committed() {
  try {
    return readFileSync(PAGE, "utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}

function render(statuses) {
  const kinds = Object.keys(PLACES);
  const tables = MODES.map((mode) => {
    const rows = kinds.map((kind) => [
      kind,
      ...ROUTES.map((route) => {
        const { name } = CELLS.find((cell) => cell.kind === kind && cell.mode === mode && cell.route === route);
        return statuses.get(name) === "passed" ? "tested" : "";
      }),
    ]);
    return `## \`verificationMode: ${mode}\`\n\n${MEANING[mode]}\n\n${table(["", ...ROUTES], rows)}`;
  });
  const places = Object.entries(WHERE).map(
    ([place, where]) => `- ${where}: ${kinds.filter((kind) => PLACES[kind] === place).join("; ")}`,
  );
  return `${intro(places.join("\n"))}\n\n${tables.join("\n\n")}\n`;
}

function intro(places) {
  return `# Which connections are tested

A connector has credentials, checks the server's certificate in one of three ways, and gets there directly or through a
proxy. These tables show every combination: a row is a kind of authentication, a column a route, and there is a table for
each \`verificationMode\`. **tested** means that a test of exactly this combination passed, over real sockets: TLS servers,
proxies and a token endpoint on loopback.

This page is generated from a test run (\`npm run envelope-table\`), and \`npm run check\` fails when it says anything else
than the run does. The name of a cell's test is \`row | mode | column\`, in \`${TESTS}\`.
To run one (vitest takes a regular expression, so dots stand for \`+\` and \`|\`):

\`\`\`sh
npx vitest run ${TESTS} -t "PFX . passphrase . certificate . https proxy with auth"
\`\`\`

Each test shows that

- the calls that the mode allows succeed, and the server received this credential and no other. Where it is a client
  certificate, the server lets nobody in without it. OAuth fetched its token once, with the same trust and on the same
  route, and fetches none from an endpoint whose authority is not given (\`full\`, \`certificate\`);
- the calls that the mode forbids end with \`tls-hostname\`, \`tls-untrusted\` or \`tls-expired\` at the first attempt, and the
  server received no request;
- the proxy opened a tunnel to the server for each of these calls, or none on the direct route, and the server saw no
  \`Proxy-Authorization\`;
- an https proxy's certificate is checked by itself: without an authority for the proxy the call ends with
  \`proxy-connection\`, whatever the mode for the server and the authority given for it.

The mode, and the authority for the server, stand in different places:

${places}

Less specific places say the opposite (\`none\` instead of \`full\`, \`full\` instead of the others), so that a test passes only
if the right place counts. The authority of an https proxy is given in \`network.customHostSettings\` for the proxy's address;
only where \`network.ssl\` gives one, that is the proxy's too, and the last point does not apply. The user and password of a
proxy are in \`proxyUsername\` and \`proxyPassword\` for the http proxy, and in \`proxyUrl\` for the https proxy.`;
}

/** As the formatter writes it. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
