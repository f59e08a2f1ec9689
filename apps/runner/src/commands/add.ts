import path from "node:path";

import { StepwireError, type Finding } from "@stepwire/core";
import { Project } from "@stepwire/host";

import { answersOf, readsStdin, type Answers, type Flags } from "../add/answers.ts";
import { checkDraft } from "../add/check-draft.ts";
import { isOpenToGit, isOpenToOthers } from "../add/exposed.ts";
import { stepsOf, type Step } from "../add/field.ts";
import { pairsOf } from "../add/flags.ts";
import { Interview } from "../add/interview.ts";
import { missingAnswers } from "../add/missing.ts";
import { ADD_OPTIONS } from "../add/options.ts";
import { InputEnded, Prompter } from "../add/prompter.ts";
import { shownResult, trialOf, tryWithQuestions, wantsTrial, type Trial } from "../add/try-it.ts";
import { writeConnector } from "../add/write-connector.ts";
import { outputFormat, parseCommand, projectOptions } from "../args.ts";
import { callConnector, exitCodeOf, type CallOutcome } from "../connector-call.ts";
import { EXIT } from "../exit-codes.ts";
import { cleanLine, shellWord } from "../output/clean.ts";
import { refuse } from "../output/refused.ts";
import { note, paint, printJson, printLine } from "../output/terminal.ts";
import { readParams } from "../read-data.ts";
import { problemRefusal, usage } from "../refusal.ts";
import { keepSecretsOf } from "../secrets.ts";
import { stopOnSignals } from "../signals.ts";

type Values = ReturnType<typeof parseCommand<typeof ADD_OPTIONS>>["values"];
type ConnectorType = ReturnType<typeof typeOf>;

/** `connectors add TYPE`: asks for what a connector of this type needs, writes it down, and offers to try it. */
export async function add(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, ADD_OPTIONS);
  refuseSurplus(positionals);
  const flags = { ...values, sets: pairsOf("--set", values.set), secrets: pairsOf("--secret", values.secret) };
  const output = outputFormat(values.output);
  const signal = stopOnSignals(() => undefined);
  const options = projectOptions(values);
  const project = await Project.open(options);
  let prompter: Prompter | undefined;
  try {
    keepSecretsOf(project);
    const envFile = path.resolve(values["env-file"] ?? path.join(project.connectorsFile.baseDir, ".env"));
    const broken = project.findings.filter((finding) => !isYetToBeMade(finding, project, envFile));
    if (broken.some(({ severity }) => severity === "error")) return refuse(broken, output);
    const type = typeOf(project, positionals[1]);
    const trial = trialOf(type);
    const asks = values.yes !== true && !readsStdin(flags) && values.params !== "-";
    const params = await paramsOf(values, type.id, trial, asks);
    if (asks) prompter = new Prompter(signal);

    const made = await makeDraft(flags, { project, type, prompter });
    if ("findings" in made) return refuse(made.findings, output);
    if (signal.aborted) throw new StepwireError("cancelled", "Cancelled.");
    const { draft } = made;
    const files = { connectors: project.connectorsFile.file, env: envFile };
    const written = await writeConnector(options, files, type, draft, signal);
    const after = await Project.open(options);
    try {
      const found = after.findConnector(draft.name);
      if ("problem" in found) throw problemRefusal(found.problem);
      const { id, name } = found.entry;
      if (output === "text") printAdded(name, type.id, written);
      if (written.env.length > 0) warnOfExposure(envFile);
      const test = await tryIt({ after, id, type, trial, params, wanted: wantedOf(values), prompter, signal });
      const document = { status: "ok", connectorId: id, name, type: type.id, ...written };
      if (output === "json") printJson(test === undefined ? document : { ...document, test });
      else if (test !== undefined) printTest(name, test);
      else if (!signal.aborted) printLine(`Next: stepwire connectors test ${shellWord(name)}`);
      if (test !== undefined) return exitCodeOf(test);
      return signal.aborted ? EXIT.stopped : EXIT.done;
    } finally {
      await after.close();
    }
  } catch (error) {
    if (!StepwireError.is(error) || error.code !== "cancelled") throw error;
    refuse([{ code: "cancelled", severity: "error", message: "Cancelled. Nothing was written." }], output);
    return EXIT.stopped;
  } finally {
    prompter?.close();
    await project.close();
  }
}

/** A file that was named and is not there will be made. */
function isYetToBeMade({ code, file }: Finding, { connectorsFile, environment }: Project, envFile: string): boolean {
  if (code !== "usage-invalid") return false;
  return (
    (file === connectorsFile.file && !connectorsFile.exists) || (file === envFile && environment.file === undefined)
  );
}

/** What was typed in the wrong place may be a secret: it is counted and not repeated. */
function refuseSurplus(positionals: readonly string[]): void {
  const surplus = positionals.length - 2;
  if (surplus <= 0) return;
  throw usage(
    `connectors add takes the type and nothing else without a flag; behind the type there ${surplus === 1 ? "is 1 word" : `are ${surplus} words`} too many.`,
    "Behind a flag there is one word: --set KEY=VALUE, --secret KEY=env:NAME. Put quotes around a value with spaces.",
  );
}

function typeOf(project: Project, id: string | undefined) {
  if (id === undefined)
    throw usage(
      "Which type shall the connector have?",
      "stepwire types lists them. Example: stepwire connectors add slack",
    );
  if (!/^[\w@./-]{1,64}$/.test(id))
    throw usage("What stands where the type belongs is no name of a type.", "stepwire types lists what is installed.");
  const found = project.registry.connectorType(id);
  if ("code" in found) throw usage(found.message, found.hint);
  return found.type;
}

/** What `--params` holds. Refuses what could not be done in the end, before anything is asked. */
async function paramsOf(values: Values, type: string, trial: Trial | undefined, asks: boolean) {
  const { params, test } = values;
  if (test === true && values["no-test"] === true)
    throw usage("--test and --no-test say different things.", "Keep one of the two.");
  if (test === true && trial === undefined)
    throw usage(`The type ${type} has nothing to test with.`, "Leave --test out.");
  if (params === undefined) {
    if (test === true && trial?.kind === "action" && !asks)
      throw usage(
        `--test runs ${trial.name}, and nobody can be asked for its parameters.`,
        "Give them with --params JSON.",
      );
    return undefined;
  }
  if (trial?.kind !== "action")
    throw usage(`--params: connectors of the type ${type} are tested without.`, "Leave --params out.");
  if (test !== true) throw usage("--params goes with --test.", "Add --test, or leave --params out.");
  return readParams(params);
}

/** Everything that the connector needs, in order; or why there is not. */
async function makeDraft(
  flags: Flags,
  { project, type, prompter }: { project: Project; type: ConnectorType; prompter: Prompter | undefined },
): Promise<{ draft: Answers["draft"] & { name: string } } | { findings: Finding[] }> {
  const steps: readonly Step[] = stepsOf(type);
  let answers: Answers | undefined;
  try {
    answers = await answersOf(flags, { project, type, steps }, prompter);
    const left = prompter && (await new Interview({ project, type, steps, prompter, ...answers }).run());
    if (left !== undefined && left.length > 0) return { findings: left.map(({ finding }) => finding) };
  } catch (error) {
    if (!(error instanceof InputEnded)) throw error;
    const ended: Finding = {
      code: "usage-invalid",
      severity: "error",
      message: "Standard input ended before every question was answered. Nothing was written.",
      hint: "Answer each on a line of its own (an empty one takes what is proposed), or give all by flags with --yes.",
    };
    return { findings: [ended, ...(answers === undefined ? [] : missingAnswers(answers.draft, steps, answers.open))] };
  }
  const { draft, open } = answers;
  const missing = missingAnswers(draft, steps, open);
  const { name } = draft;
  if (missing.length > 0 || name === undefined) return { findings: missing };
  const found = await checkDraft(project, type, draft, { partial: false });
  if (found.length > 0) return { findings: found.map(({ finding }) => finding) };
  return { draft: { ...draft, name } };
}

const wantedOf = (values: Values): boolean | undefined => (values["no-test"] === true ? false : values.test);

/** Tries the new connector where that is wanted. What goes wrong in it does not undo the connector. */
async function tryIt(parts: {
  after: Project;
  id: string;
  type: ConnectorType;
  trial: Trial | undefined;
  params: Record<string, unknown> | undefined;
  wanted: boolean | undefined;
  prompter: Prompter | undefined;
  signal: AbortSignal;
}): Promise<CallOutcome | undefined> {
  const { after, id, type, trial, params, wanted, prompter, signal } = parts;
  if (trial === undefined) return undefined;
  try {
    if (!(wanted ?? (prompter !== undefined && (await wantsTrial(prompter, trial))))) return undefined;
    const connector = await after.connector(id);
    if (trial.kind === "test") return await callConnector(signal, (options) => connector.test(options));
    if (params === undefined && prompter !== undefined)
      return await tryWithQuestions(prompter, type, trial.name, connector, signal);
    return await callConnector(signal, (options) => connector.run(trial.name, params ?? {}, options));
  } catch (error) {
    // Nobody is there to answer, or wants to: the connector is written, and can be tested later.
    if (error instanceof InputEnded || signal.aborted) return undefined;
    return { status: "error", error: StepwireError.from(error).toJSON() };
  }
}

function printAdded(name: string, type: string, { files, env }: { files: string[]; env: string[] }): void {
  printLine(`Added ${cleanLine(name)} (${type}) to ${cleanLine(shown(files.at(-1) ?? ""))}`);
  if (env.length > 0) printLine(`Secrets in ${cleanLine(shown(files[0] ?? ""))}: ${env.join(", ")}`);
}

function warnOfExposure(envFile: string): void {
  const file = cleanLine(shown(envFile));
  const warn = (text: string) => note(`${paint("yellow", "warning", process.stderr)}  ${text}`);
  if (isOpenToGit(envFile)) warn(`git does not ignore ${file}, which holds secrets. Add it to .gitignore.`);
  if (isOpenToOthers(envFile))
    warn(
      `Every user of this machine can read ${file}, which holds secrets. chmod o-r ${shellWord(shown(envFile))} ends that.`,
    );
}

function printTest(name: string, test: CallOutcome): void {
  if (test.status === "error") {
    const { code, message } = test.error;
    note(`${paint("red", code, process.stderr)}  ${cleanLine(message)}`);
    note(`The connector was added all the same. Try again: stepwire connectors test ${shellWord(name)}`);
    return;
  }
  printLine(`${cleanLine(name)} works`);
  for (const line of shownResult(test.data)) printLine(line);
}

const shown = (file: string): string => {
  const relative = path.relative(process.cwd(), file);
  return relative === "" || relative.startsWith("..") ? file : relative;
};
