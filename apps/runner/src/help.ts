const FILES = `  --project DIR       the project's folder (default: the nearest package.json above)
  --connectors FILE   the connectors file (default: connectors.yaml in the project)
  --settings FILE     the settings file (default: stepwire.yaml in the project)
  --env-file FILE     variables for \${env:…} (default: .env beside the connectors file)
  --output text|json  json writes one document to stdout`;

/** The help of every command, as `stepwire help COMMAND` prints it. */
export const HELP: Record<string, string> = {
  stepwire: `stepwire: workflow steps that act on other systems

  stepwire run WORKFLOW.yaml        run a workflow
  stepwire runs list                what ran (also: show, resume, retry, cancel)
  stepwire validate FILE...         say everything that is wrong with workflows
  stepwire connectors list          the configured connectors (also: show, test, add, exec)
  stepwire types [TYPE]             what the installed connector packages can do
  stepwire doctor [--url URL]       what is installed, broken or insecure
  stepwire schema KIND              JSON Schema of workflow, connectors or settings files
  stepwire init [DIR]               write a working sample into an empty folder

stepwire help COMMAND tells more. Exit codes: 0 done, 1 it ran and failed, 2 refused before anything
ran, 3 cancelled or timed out, 4 a fault of stepwire itself.`,
  run: `stepwire run WORKFLOW.yaml [options]

  --event FILE|-      the event, JSON or YAML; - reads standard input
  --input NAME=VALUE  an input; may be given several times
  --inputs FILE       inputs as JSON or YAML
  --var-file FILE     values for the placeholders of a published template
  --stub FILE         answers in place of steps, such as those that only Kibana can run
  --dry-run           show the requests that would be sent, and send nothing
  --verbose           show each step's input and output
  --quiet             no progress
  --log-format text|json
${FILES}`,
  runs: `stepwire runs list [--status STATUS] [--limit N]
stepwire runs show ID [--verbose]
stepwire runs resume ID [--take-over]
stepwire runs retry ID [--from STEP]
stepwire runs cancel ID

ID may be the beginning of an id that no other run has.

list shows the newest first:
  --status STATUS     only queued, running, interrupted, completed, failed, cancelled, timed_out or skipped ones
  --limit N           how many (default: 100)

resume lets a run go on that is interrupted, cancelled or timed out. Steps that are done are not done again.
  --take-over         take it from a process that is still there but hangs or was stopped

retry does the step that failed again, and what comes after it:
  --from STEP         begin with this step instead: its name, or its path; it and all after it are done again

cancel asks a run to stop, whichever process it runs in, and waits until it is over, at most 10 seconds.

resume and retry show what run shows, and take its options:
  --verbose           show each step's input and output (show, too)
  --quiet             no progress
  --log-format text|json
${FILES}`,
  validate: `stepwire validate FILE... [options]

Prints every finding with its place and what to do. Sends nothing.

  --var-file FILE     values for the placeholders of a published template
  --stub FILE         steps that are answered by it need no package and no connector

${FILES}`,
  connectors: `stepwire connectors list
stepwire connectors show NAME
stepwire connectors test NAME [--params JSON|@FILE|-]
stepwire connectors add TYPE [options]
stepwire connectors exec NAME ACTION --params JSON|@FILE|-

NAME is a connector's name or id. exec runs one action without a workflow; with - as NAME it runs a type that needs no
connector: stepwire connectors exec - http --params '{"url": "https://example.com"}'

test reads only; a type that has no such test runs its default action, for real, with --params.

add asks for what the type needs, checks it, and writes it into the connectors file, secrets into the env file:
  --name NAME         what workflows call it; --id ID is made from it unless given
  --preset NAME       start from one of the type's presets
  --set KEY=VALUE     a key of config; KEY.NAME for one inside of it
  --secret KEY=WHERE  a secret: env:NAME, file:PATH, or - for standard input
  -y, --yes           ask nothing: refuse what is missing
  --test, --no-test   test it in the end, or do not; --params as for test

${FILES}`,
  types: `stepwire types [TYPE] [options]
stepwire types --diff OLD.json [TYPE|PACKAGE] [options]

Lists every installed connector type and step, or shows one: where its credentials go and what its actions do.
Reads manifests only: no package is imported.

  --diff OLD.json     what the installed package does otherwise than an older version, first what is to be approved.
                      OLD.json is dist/stepwire.json of that version, or what types TYPE --output json printed.
                      Exit code 1: there is something to approve

${FILES}`,
  doctor: `stepwire doctor [--url URL] [options]

Imports every installed connector package, checks every connector and says what is broken or insecure.
--url says what the settings amount to for one address.

${FILES}`,
  schema: `stepwire schema workflow|connectors|settings [options]

Prints a JSON Schema for editors, with the types and connectors of this project.

${FILES}`,
  init: `stepwire init [DIR]

Writes a working sample into an empty folder: package.json, connectors, a workflow, an event.`,
};
