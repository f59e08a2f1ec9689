/**
 * Looks for secrets the way a thief would: undoes encodings until something shows. Knows nothing of how they are masked;
 * a list of encoded secrets would only find the forms that somebody thought of twice.
 */
import { createHash } from "node:crypto";

/** A secret with letters and digits of its own at both ends, which no encoding but base64 and hex changes. */
export interface Canary {
  readonly name: string;
  readonly text: string;
  /** Any of these in an output is a leak: half a secret is one as well. */
  readonly marks: readonly string[];
}

/** What encodings treat in different ways. All of it can stand in a header. */
const MIDDLE = `"\\/+=ü%& '<`;

/** Sixteen characters that nothing else contains. */
const mark = (seed: string): string => `Ca${createHash("sha256").update(seed).digest("hex").slice(0, 14)}`;

export function canary(name: string, middle = MIDDLE): Canary {
  const marks = [mark(`${name} head`), mark(`${name} tail`)];
  return { name, text: marks.join(middle), marks };
}

/** Something that was made elsewhere, such as a key: its pieces of 24 letters and digits are its marks. */
export function found(name: string, text: string): Canary {
  return { name, text, marks: text.replace(/-----[A-Z ]+-----/g, "").match(/[A-Za-z0-9]{24}/g) ?? [text] };
}

export interface Leak {
  readonly canary: string;
  /** The encodings that had to be undone. */
  readonly how: string;
  readonly around: string;
}

/** Every canary that can be read out of a text. */
export function findLeaks(text: string, canaries: readonly Canary[]): Leak[] {
  const leaks = new Map<string, Leak>();
  for (const [how, view] of views(text)) {
    const lower = view.toLowerCase();
    for (const { name, marks } of canaries) {
      if (leaks.has(name)) continue;
      const at = marks.map((item) => lower.indexOf(item.toLowerCase())).find((index) => index >= 0);
      if (at !== undefined) leaks.set(name, { canary: name, how, around: view.slice(Math.max(0, at - 80), at + 60) });
    }
  }
  return [...leaks.values()];
}

/** The text, read in every way. Escapes are undone first, since they tear base64 apart; then what is packed. */
function* views(text: string): Generator<[how: string, view: string]> {
  const readable = new Map([[text, "plain"]]);
  for (let depth = 1; depth <= 3; depth += 1) {
    for (const [view, how] of readable) {
      for (const [name, undo] of ESCAPES) {
        const undone = undo(view);
        if (!readable.has(undone)) readable.set(undone, `${how}, ${name}`);
      }
    }
    if (readable.size > MAX_VIEWS) break;
  }
  for (const [view, how] of readable) {
    yield [how, view];
    for (const [name, unpack] of PACKINGS) {
      const unpacked = unpack(view);
      yield [`${how}, ${name}`, unpacked];
      for (const [inner, again] of PACKINGS) yield [`${how}, ${name}, ${inner}`, again(percent(unpacked))];
    }
  }
}

/** Different orders mostly come to the same. */
const MAX_VIEWS = 24;

const unit = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

const json = (text: string): string =>
  text.replace(/\\(?:u([\da-f]{4})|(.))/gi, (_all, hex: string | undefined, letter: string) =>
    hex === undefined ? letter : unit(hex),
  );
const percent = (text: string): string => text.replace(/%([\da-f]{2})/gi, (_all, hex: string) => unit(hex));
const html = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, decimal?: string, name?: string) =>
    hex !== undefined
      ? String.fromCodePoint(Number.parseInt(hex, 16) % 0x110000)
      : decimal !== undefined
        ? String.fromCodePoint(Number(decimal) % 0x110000)
        : (NAMED[name ?? ""] ?? all),
  );
const ESCAPES = [
  ["json", json],
  ["percent", percent],
  ["html", html],
] as const;

/** Where something longer was packed, a secret inside begins anywhere: each place is tried. */
function unpack(text: string, runs: RegExp, encoding: "base64" | "hex", places: number): string {
  const found = text.match(runs) ?? [];
  return Array.from({ length: places }, (_, place) =>
    found.map((run) => Buffer.from(run.slice(place), encoding).toString("latin1")).join("\n"),
  ).join("\n");
}
const PACKINGS = [
  // Both alphabets are read by Node as one.
  ["base64", (text: string) => unpack(text, /[\w+/-]{16,}/g, "base64", 4)],
  ["hex", (text: string) => unpack(text, /[\da-f]{20,}/gi, "hex", 2)],
] as const;
