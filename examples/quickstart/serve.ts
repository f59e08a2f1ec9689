import { startStandIns } from "./stand-ins/index.ts";

// The ports that .env.example names, so that workflows can be run by hand against the stand-ins.
const { slack, jira, cases, automation } = await startStandIns({
  ports: { slack: 4801, jira: 4802, cases: 4803, automation: 4804 },
});
console.log(`Slack       ${slack.url}`);
console.log(`Jira        ${jira.url}/browse/ENG-1`);
console.log(`Cases       ${cases.url}/issues/1`);
console.log(`Automation  ${automation.url}`);
console.log("Copy .env.example to .env, and run workflows from another terminal. Ctrl-C stops the stand-ins.");
