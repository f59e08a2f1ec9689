import { StepwireError } from "@stepwire/core";
import { secretForms } from "./mask-forms.ts";

/** What stands in place of a secret. */
export const MASK = "[masked]";

/** Secrets shorter than this would hit harmless words, so they are not masked. */
const MIN_SECRET_LENGTH = 8;

/** Keys directly under `secrets` whose values identify and do not authorise. */
const IDENTIFIERS = new Set(["user", "email", "clientId", "proxyUsername"]);

/** Whether a key directly under `secrets` holds something that need not be hidden. */
export const isIdentifier = (key: string): boolean => IDENTIFIERS.has(key);

/** Tokens come and go; of those added later only the newest are still of use to anybody. */
const MAX_ADDED = 100;

/** Deeper than anything a parser of ours lets through to an action, shallow enough for the stack. */
const MAX_DEPTH = 1000;

/** Takes secrets out of whatever is about to be shown, stored or handed to a connector. */
export interface Masker {
  readonly text: (text: string) => string;
  /** Masks every text and key of plain JSON data; the very same value comes back if there was nothing to mask. */
  readonly value: <T>(value: T) => T;
  /** A copy of the error with message, details and stack masked. */
  readonly error: (error: StepwireError) => StepwireError;
  /** Masks one more secret from now on, such as an access token that was fetched. */
  readonly add: (secret: string) => void;
  /** What is replaced, for {@link combineMaskers}. Changes identity when something is added. */
  readonly forms: () => ReadonlySet<string>;
}

/**
 * A masker for one connector.
 * @param secrets the resolved `secrets` of a connector: every text below it but the identifiers (`user`, `email`,
 *   `clientId`, `proxyUsername`, at the top level only) is masked, in clear and encoded.
 * @param options.extra whole values made of secrets, such as `user:password` (or its base64) of Basic credentials.
 */
export function createMasker(secrets: unknown, options: { extra?: readonly string[] } = {}): Masker {
  const { extra = [] } = options;
  const fixed = new Set([...secretTexts(secrets).map(({ text }) => text), ...extra].flatMap(formsOf));
  let added: { secret: string; forms: string[] }[] = [];
  let forms: ReadonlySet<string> = fixed;
  return masker(
    () => forms,
    (secret) => {
      if (added.some((other) => other.secret === secret)) return;
      added = [...added, { secret, forms: formsOf(secret) }].slice(-MAX_ADDED);
      forms = new Set([...fixed, ...added.flatMap((other) => other.forms)]);
    },
  );
}

/** One masker for the secrets of several; what is added to it stays in it, what is added to the others counts too. */
export function combineMaskers(...maskers: readonly Masker[]): Masker {
  const own = createMasker(undefined);
  const all = [...maskers, own];
  let seen: ReadonlySet<string>[] = [];
  let forms: ReadonlySet<string> = new Set();
  return masker(
    () => {
      if (all.some((item, index) => item.forms() !== seen[index])) {
        const current = all.map((item) => item.forms());
        seen = current;
        // One set, so that a long secret of one is not cut up by a shorter one of another.
        forms = new Set(current.flatMap((item) => [...item]));
      }
      return forms;
    },
    (secret) => own.add(secret),
  );
}

/** Where the values stand that are too short to be masked: keys below `secrets`. */
export function unmaskedSecrets(secrets: unknown): (string | number)[][] {
  return secretTexts(secrets)
    .filter(({ text }) => text !== "" && text.length < MIN_SECRET_LENGTH)
    .map(({ path }) => path);
}

function masker(forms: () => ReadonlySet<string>, add: (secret: string) => void): Masker {
  let compiledFrom: ReadonlySet<string> | undefined;
  let pattern: RegExp | undefined;
  const current = (): RegExp | undefined => {
    const wanted = forms();
    if (wanted !== compiledFrom) {
      compiledFrom = wanted;
      pattern = compile(wanted);
    }
    return pattern;
  };
  const text = (value: string): string => {
    const regex = current();
    return regex === undefined ? value : value.replace(regex, MASK);
  };
  const value = <T>(item: T): T => {
    const regex = current();
    return regex === undefined || !mayHold(item, regex) ? item : (walk(item, text, 0) as T);
  };
  return {
    text,
    value,
    add,
    forms,
    error(error) {
      if (current() === undefined) return error;
      const masked = new StepwireError(error.code, text(error.message), {
        type: error.type,
        retryable: error.retryable,
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
        ...(error.status === undefined ? {} : { status: error.status }),
        ...(error.details === undefined ? {} : { details: value(error.details) }),
      });
      if (error.stack !== undefined) masked.stack = text(error.stack);
      return masked;
    },
  };
}

/**
 * Whether there can be anything to mask. Mostly there is not, and one look at all texts together is several times
 * cheaper than one at each. What is found across the border of two texts is settled by looking at each.
 */
function mayHold(item: unknown, pattern: RegExp): boolean {
  const texts: string[] = [];
  return !collectTexts(item, texts, 0) || texts.join("\n").search(pattern) >= 0;
}

/** Every text and key that {@link walk} would look at; `false` where it is too deep to tell. */
function collectTexts(item: unknown, texts: string[], depth: number): boolean {
  if (typeof item === "string") texts.push(item);
  if (typeof item !== "object" || item === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(item)) return item.every((child: unknown) => collectTexts(child, texts, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(item);
  if (prototype !== Object.prototype && prototype !== null) return true;
  return Object.entries(item).every(([key, child]) => {
    texts.push(key);
    return collectTexts(child, texts, depth + 1);
  });
}

function walk(item: unknown, text: (value: string) => string, depth: number): unknown {
  if (typeof item === "string") return text(item);
  if (typeof item !== "object" || item === null) return item;
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(item)) {
    const items = item.map((child: unknown) => walk(child, text, depth + 1));
    return items.some((child, index) => child !== item[index]) ? items : item;
  }
  // Bytes, dates and the like are no JSON and hold no readable text.
  const prototype: unknown = Object.getPrototypeOf(item);
  if (prototype !== Object.prototype && prototype !== null) return item;
  const before = Object.entries(item);
  const after = before.map(([key, child]): [string, unknown] => [text(key), walk(child, text, depth + 1)]);
  const changed = after.some(([key, child], index) => key !== before[index]?.[0] || child !== before[index]?.[1]);
  return changed ? Object.fromEntries(after) : item;
}

function compile(forms: ReadonlySet<string>): RegExp | undefined {
  if (forms.size === 0) return undefined;
  // Alternatives are tried in their order: the longest first leaves no rest of a secret behind.
  const sources = [...forms]
    .toSorted((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  // Case differs in escapes (%2f, %2F), in hex, and where somebody changed the letters.
  return new RegExp(sources.join("|"), "gi");
}

function formsOf(secret: string): string[] {
  return secret.length < MIN_SECRET_LENGTH ? [] : secretForms(secret, MIN_SECRET_LENGTH);
}

function secretTexts(secrets: unknown): { path: (string | number)[]; text: string }[] {
  const found: { path: (string | number)[]; text: string }[] = [];
  const collect = (item: unknown, path: (string | number)[]): void => {
    if (typeof item === "string") found.push({ path, text: item });
    else if (Array.isArray(item)) for (const [index, child] of item.entries()) collect(child, [...path, index]);
    else if (typeof item === "object" && item !== null) {
      for (const [key, child] of Object.entries(item)) {
        if (path.length > 0 || !IDENTIFIERS.has(key)) collect(child, [...path, key]);
      }
    }
  };
  collect(secrets, []);
  return found;
}
