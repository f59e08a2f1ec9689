import type { ManifestConnectorType } from "@stepwire/core";
import type { Project } from "@stepwire/host";

import { cleanLine } from "../output/clean.ts";
import { formatFindings } from "../output/findings.ts";
import { paint } from "../output/terminal.ts";
import { askQuestion, confirm, type Objection } from "./ask.ts";
import { checkDraft, type DraftFinding } from "./check-draft.ts";
import { Typed, type Draft } from "./draft.ts";
import { methodOf } from "./envelope-fields.ts";
import { applies, choose, owns, type Field, type Step } from "./field.ts";
import { fileReference, isMadeOfReferences, pathObjection } from "./references.ts";
import { nameProblem } from "./names.ts";
import type { Prompter } from "./prompter.ts";
import { holdsUserInfo, userInfoObjection } from "./user-info.ts";

interface InterviewParts {
  readonly project: Project;
  readonly type: ManifestConnectorType;
  readonly steps: readonly Step[];
  readonly draft: Draft;
  readonly prompter: Prompter;
  /** Fields that were answered by a flag: they are not asked for, unless something is wrong with them. */
  readonly given: ReadonlySet<Field>;
}

/** Asks for everything that a connector needs, step by step, and again for what turns out wrong. */
export class Interview {
  readonly #parts: InterviewParts;
  /** What needs no question any more. */
  readonly #settled: Set<Field>;
  readonly #wrong = new Set<Field>();
  #wantsSeldom: boolean | undefined;

  constructor(parts: InterviewParts) {
    this.#parts = parts;
    this.#settled = new Set(parts.given);
  }

  /** Resolves with what is still wrong and cannot be set right by another answer; the draft is as complete as it can be. */
  async run(): Promise<DraftFinding[]> {
    const { steps, prompter } = this.#parts;
    for (const [index, step] of steps.entries()) {
      const title = steps.length === 1 ? step.title : `Step ${index + 1} of ${steps.length}: ${step.title}`;
      prompter.say(`${index === 0 ? "" : "\n"}${paint("bold", title, process.stderr)}`);
      if (index === 0) await this.#askName();
      const left = await this.#finish(steps.slice(0, index + 1), index === steps.length - 1);
      if (left.length > 0) return left;
    }
    return [];
  }

  async #askName(): Promise<void> {
    const { draft, project, prompter } = this.#parts;
    while (draft.name === undefined) {
      const name = (await prompter.ask("  name: ")).trim();
      const problem = nameProblem("name", name, project.connectorsFile);
      if (problem === undefined) draft.name = name;
      else prompter.say(`  ${cleanLine(problem)}`);
    }
  }

  /** Asks what is open in these steps, until nothing in them is wrong. */
  async #finish(steps: readonly Step[], last: boolean): Promise<DraftFinding[]> {
    const { project, type, draft, prompter } = this.#parts;
    const all = steps.flatMap((step) => step.fields);
    for (;;) {
      for (const step of steps) await this.#askStep(step);
      const fields = all.filter((field) => applies(field, draft));
      const found = await checkDraft(project, type, draft, { partial: !last });
      // With stand-ins among the answers, what is about all of them together says nothing.
      const relevant = found.filter((one) => last || fields.some((field) => isAbout(one, field)));
      const wrong = fields.filter((field) => relevant.some((one) => isAbout(one, field) || isAboutSide(one, field)));
      if (wrong.length === 0) return relevant;
      this.#report(relevant);
      for (const field of wrong) {
        this.#wrong.add(field);
        this.#settled.delete(field);
      }
      prompter.say("");
    }
  }

  async #askStep(step: Step): Promise<void> {
    const { draft, given } = this.#parts;
    for (const field of step.fields) {
      if (!applies(field, draft)) {
        // A flag that has no effect is told of in the end.
        if (!given.has(field)) this.#drop(field);
        continue;
      }
      if (this.#settled.has(field)) continue;
      if (await this.#isWanted(step, field)) await this.#ask(field);
      this.#settled.add(field);
      this.#wrong.delete(field);
    }
  }

  /** What is seldom needed is asked for after one question whether any of it is. */
  async #isWanted(step: Step, field: Field): Promise<boolean> {
    const { draft, prompter } = this.#parts;
    if (field.seldom !== true || draft[field.side][field.key] !== undefined || this.#wrong.has(field)) return true;
    if (this.#wantsSeldom === undefined) {
      const names = step.fields.filter((other) => other.seldom === true && applies(other, draft)).map(({ key }) => key);
      const question = `More settings: ${names.join(", ")}. Set any of them?`;
      this.#wantsSeldom = await confirm(prompter, question, false);
    }
    return this.#wantsSeldom;
  }

  async #ask(field: Field): Promise<void> {
    const { draft, project, type, prompter } = this.#parts;
    for (let before: unknown; ;) {
      const answer = await askQuestion(prompter, field, this.#current(field), {
        judge: (words) => this.#judge(field, words),
        keep: (text) => this.#keep(field, text),
      });
      this.#put(field, answer);
      // Who insists on an answer may have the next one in mind, which sets it right.
      if (answer === undefined || answer === before || field.sets !== undefined) return;
      before = answer;
      const found = await checkDraft(project, type, draft, { partial: true });
      // What else is needed is asked for next.
      const about = found.filter((one) => isAbout(one, field) && one.finding.details?.["reason"] !== "missing");
      if (about.length === 0) return;
      this.#report(about);
    }
  }

  #current(field: Field): unknown {
    const { draft } = this.#parts;
    if (field.sets === undefined) return draft[field.side][field.key];
    const method = methodOf(draft);
    return Object.hasOwn(field.sets, method) ? method : undefined;
  }

  #judge({ side, key, kind }: Field, words: unknown): Objection | undefined {
    const objection = side === "config" && holdsUserInfo(words) ? userInfoObjection(this.#parts.type, key) : undefined;
    return objection ?? (kind === "file" ? pathObjection(String(words)) : undefined);
  }

  #keep(field: Field, text: string): unknown {
    if (field.kind === "file") return fileReference(text, this.#parts.project.connectorsFile.baseDir);
    return field.hidden === true && !isMadeOfReferences(text) ? new Typed(text) : text;
  }

  #put(field: Field, answer: unknown): void {
    const values = this.#parts.draft[field.side];
    if (field.sets === undefined) {
      if (answer === undefined) delete values[field.key];
      else values[field.key] = answer;
      return;
    }
    choose(field, String(answer), values);
  }

  /** A value that no longer matters, and will be asked for should it matter again. */
  #drop(field: Field): void {
    const { draft, steps } = this.#parts;
    this.#settled.delete(field);
    const isSame = (other: Field) => other.side === field.side && other.key === field.key && applies(other, draft);
    if (!steps.some((step) => step.fields.some(isSame))) delete draft[field.side][field.key];
  }

  #report(found: readonly DraftFinding[]): void {
    this.#parts.prompter.say(formatFindings(found.map(({ finding }) => finding)));
  }
}

function isAbout({ path: [side, key] }: DraftFinding, field: Field): boolean {
  return typeof side === "string" && typeof key === "string" && owns(field, side, key);
}

/** Something about `config` or `secrets` as a whole: an address that must not be called, for one. */
function isAboutSide({ path }: DraftFinding, field: Field): boolean {
  return path.length === 1 && path[0] === field.side && field.required && field.kind === "text";
}
