import type { ManifestConnectorType, ManifestPreset } from "@stepwire/core";
import type { Project } from "@stepwire/host";

import { formatFindings } from "../output/findings.ts";
import { usage } from "../refusal.ts";
import { askQuestion } from "./ask.ts";
import { checkDraft } from "./check-draft.ts";
import type { Draft } from "./draft.ts";
import { owns, type Field, type Step } from "./field.ts";
import { applySecret, applySet, readStdin, type Pair } from "./flags.ts";
import { nameProblem } from "./names.ts";
import { fillPreset, placeholdersOf, presetOf } from "./presets.ts";
import type { Prompter } from "./prompter.ts";
import { holdsUserInfo, userInfoObjection } from "./user-info.ts";

/** What the command line says of the connector. */
export interface Flags {
  name?: string | undefined;
  id?: string | undefined;
  preset?: string | undefined;
  sets: readonly Pair[];
  secrets: readonly Pair[];
}

export interface Answers {
  readonly draft: Draft;
  /** The fields that a flag answered. */
  readonly given: ReadonlySet<Field>;
  /** What the preset leaves open, and nobody has said. */
  readonly open: readonly string[];
}

/** Whether a flag takes its value from standard input. */
export const readsStdin = ({ secrets }: Flags): boolean => secrets.some(({ text }) => text === "-");

/**
 * A draft with everything that preset and flags say. Throws `usage-invalid`.
 * @param prompter asks for what the preset leaves open, where somebody can be asked.
 */
export async function answersOf(
  flags: Flags,
  about: { project: Project; type: ManifestConnectorType; steps: readonly Step[] },
  prompter: Prompter | undefined,
): Promise<Answers> {
  const { project, type, steps } = about;
  const { connectorsFile } = project;
  for (const what of ["name", "id"] as const) {
    const problem = flags[what] === undefined ? undefined : nameProblem(what, flags[what], connectorsFile);
    if (problem !== undefined) throw usage(`--${what}: ${problem}`);
  }
  const preset = flags.preset === undefined ? undefined : presetOf(type, flags.preset);
  const placeholders = preset === undefined ? [] : placeholdersOf(preset);
  const filled = new Map(
    flags.sets.filter(({ key }) => placeholders.includes(key)).map(({ key, text }) => [key, text]),
  );
  for (const [key, text] of filled) {
    if (preset === undefined || !fillsUserInfo(preset, key, text)) continue;
    const { message, hint } = userInfoObjection(type, key);
    throw usage(`--set ${key}: ${message}`, hint);
  }
  const open = placeholders.filter((name) => !filled.has(name));
  if (preset !== undefined && prompter !== undefined) {
    await askOpen(prompter, preset, open, filled, about);
    open.length = 0;
  }

  const config = preset === undefined ? {} : fillPreset(preset, filled);
  const draft: Draft = { name: flags.name, id: flags.id, config, secrets: {} };
  const context = { type, fields: steps.flatMap((step) => step.fields), baseDir: connectorsFile.baseDir };
  const given = new Set<Field>();
  const note = (side: "config" | "secrets", key: string) => {
    const [head = key] = key.split(".");
    for (const field of context.fields) if (owns(field, side, key) || owns(field, side, head)) given.add(field);
  };
  for (const pair of flags.sets) {
    if (placeholders.includes(pair.key)) continue;
    applySet(draft, pair, context);
    note("config", pair.key);
  }
  for (const pair of flags.secrets) {
    await applySecret(draft, pair, context, readStdin);
    note("secrets", pair.key);
  }
  return { draft, given, open };
}

/** Whether an open place of a preset would make a URL with a user or a password in clear. */
const fillsUserInfo = (preset: ManifestPreset, key: string, text: string): boolean =>
  holdsUserInfo([text, fillPreset(preset, new Map([[key, text]]))]);

/** Asks for what a preset leaves open, and again where what it makes of the answers cannot work. */
async function askOpen(
  prompter: Prompter,
  preset: ManifestPreset,
  open: readonly string[],
  filled: Map<string, string>,
  { project, type }: { project: Project; type: ManifestConnectorType },
): Promise<void> {
  if (open.length > 0) prompter.say(`The preset ${preset.name} leaves open: ${open.join(", ")}`);
  for (let wrong = open.length > 0; wrong;) {
    for (const key of open) {
      const question = { key, kind: "text", about: "", required: true } as const;
      const judge = (answer: unknown) =>
        fillsUserInfo(preset, key, String(answer)) ? userInfoObjection(type, key) : undefined;
      filled.set(key, String(await askQuestion(prompter, question, filled.get(key), { judge })));
    }
    const draft = { name: undefined, id: undefined, config: fillPreset(preset, filled), secrets: {} };
    const found = await checkDraft(project, type, draft, { partial: true });
    const about = found.filter(({ path: [side, key] }) => side === "config" && Object.hasOwn(preset.config, key ?? ""));
    wrong = about.length > 0;
    if (wrong) prompter.say(formatFindings(about.map(({ finding }) => finding)));
  }
}
