import { styleText } from "node:util";

import { findMissing } from "./demo/arrivals.ts";
import { findCommand, runCommand } from "./demo/command.ts";
import { printReceived } from "./demo/report.ts";
import { loadEvent, scenarios } from "./demo/scenarios.ts";
import { environment, startStandIns } from "./stand-ins/index.ts";

// Runs every workflow of this folder with the real command against stand-ins on this machine,
// shows what the stand-ins were sent, and checks that the event's texts arrived to the character.

const command = await findCommand().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const event = await loadEvent(new URL("event.json", import.meta.url));
const standIns = await startStandIns();
const { slack, jira, cases, automation } = standIns;
const systems = { slack, jira, cases, automation };
const names = Object.keys(systems) as (keyof typeof systems)[];
const problems: string[] = [];
const started = performance.now();

const planned = scenarios(event, standIns);
for (const { title, args, prepare, arrivals } of planned) {
  const before = new Map(names.map((name) => [name, systems[name].requests.length]));
  const line = ["run", ...args, "--event", "event.json"];
  console.log(`\n${styleText("bold", title)}\n${styleText("dim", `$ stepwire ${line.join(" ")}`)}`);
  prepare?.();
  const code = await runCommand(command, line, environment(standIns));
  if (code !== 0) {
    problems.push(`\`stepwire ${line.join(" ")}\` ended with exit code ${code}.`);
    continue;
  }
  for (const arrival of arrivals()) {
    const missing = findMissing(arrival, systems[arrival.system].requests.slice(before.get(arrival.system)));
    if (missing !== undefined) problems.push(`${args[0]}: ${missing}`);
  }
}

console.log(`\n${styleText("bold", "What the systems received")}`);
printReceived("Slack", slack.url, slack.requests);
printReceived("Jira", jira.url, jira.requests);
printReceived("Cases", cases.url, cases.requests);
printReceived("Automation", automation.url, automation.requests);
await standIns.closeAll();

if (problems.length > 0) {
  console.error(`\n${styleText("red", "Not all is well:", { stream: process.stderr })}`);
  for (const problem of problems) console.error(`- ${problem}`);
  process.exitCode = 1;
} else {
  const requests = names.reduce((sum, name) => sum + systems[name].requests.length, 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    styleText(
      "green",
      `\n${planned.length} workflows ran, 4 systems answered ${requests} requests in ${seconds} s, ` +
        "and every quote, backslash, brace and emoji of the event arrived.",
    ),
  );
}
