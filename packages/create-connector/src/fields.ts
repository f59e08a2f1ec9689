import { nearest } from "@stepwire/core";

import { AUTH_KINDS, METHODS, type Answers, type Key } from "./answers.ts";
import { camelCase, isFree, parametersOf } from "./names.ts";

/** One thing to be asked for. */
export interface Field {
  readonly key: Key;
  readonly question: string;
  /** What is allowed, for whoever got it wrong. */
  readonly allowed: string;
  readonly isRight: (text: string) => boolean;
  /** What somebody who got it wrong may have meant; offered only if it is right. */
  readonly guess: (text: string) => string | undefined;
  /** What stands for no answer. */
  readonly fallback?: (answers: Partial<Answers>) => string;
}

/** A value, or what is wrong with it. Blanks around it do not count. */
export function readField(field: Field, given: string): { value: string } | { problem: string } {
  const text = given.trim();
  if (field.isRight(text)) return { value: text };
  const guess = field.guess(text);
  const said = text === "" ? "It is empty." : `${JSON.stringify(text)} is not allowed.`;
  const meant = guess !== undefined && field.isRight(guess) ? ` Did you mean ${guess}?` : "";
  return { problem: `${said}${meant} Allowed: ${field.allowed}.` };
}

const TITLE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,:()&+'/!#@-]{0,59}$/u;
const PACKAGE = /^(?:@[a-z0-9][a-z0-9._-]*\/)?stepwire-connector-[a-z0-9][a-z0-9._-]*$/;

/** In the order in which they are asked. */
export const FIELDS: readonly Field[] = [
  {
    key: "name",
    question: "Type id, vendor/name (such as acme/pager)",
    allowed: "vendor/name, both of small letters, digits, - and _, beginning with a letter, at most 64 of them",
    isRight: (text) => /^[a-z][a-z0-9_-]{0,63}\/[a-z][a-z0-9_-]{0,63}$/.test(text),
    guess(text) {
      const parts = text.split("/").map(tidy);
      return parts.length === 1 ? `your-vendor/${parts[0]}` : parts.join("/");
    },
  },
  {
    key: "title",
    question: "What people call the system (such as Pager)",
    allowed: "up to 60 letters, digits, spaces and . , : ( ) & + ' / ! # @ -, beginning with a letter or digit",
    isRight: (text) => TITLE.test(text),
    guess: (text) =>
      text
        .replaceAll(/[^\p{L}\p{M}\p{N} .,:()&+'/!#@-]+/gu, " ")
        .replaceAll(/ +/g, " ")
        .replace(/^[^\p{L}\p{N}]+/u, "")
        .slice(0, 60)
        .trim(),
  },
  {
    key: "base-url",
    question: "Where its API starts (such as https://api.pager.example/v1)",
    allowed:
      "an https URL without user, ?, # and a slash at its end; users lead a connector elsewhere with network.baseUrl",
    isRight: (text) => /^https:\/\/[\w./:~@%+,=[\]-]+$/.test(text) && text === bareUrl(text),
    guess: (text) => bareUrl(text.replace(/^(?:http:\/\/|(?!\w+:\/\/))/i, "https://")),
  },
  {
    key: "auth",
    question: `How one logs in (${AUTH_KINDS.join(", ")})`,
    allowed: AUTH_KINDS.join(", "),
    isRight: (text) => AUTH_KINDS.some((kind) => kind === text),
    guess: (text) => nearest(text, AUTH_KINDS),
  },
  {
    key: "action",
    question: "The first action's name (such as getPage)",
    allowed: "letters and digits, beginning with a small letter, at most 64, and no word of the language",
    isRight: (text) => isIdentifier(text) && isFree(text),
    guess(text) {
      if (isIdentifier(text)) return `${text}Item`;
      const word = camelCase(text.replaceAll(/[^A-Za-z0-9]+/g, "-").replace(/^[^A-Za-z]+/, ""));
      return word.slice(0, 1).toLowerCase() + word.slice(1);
    },
  },
  {
    key: "method",
    question: `Its method (${METHODS.join(", ")})`,
    allowed: METHODS.join(", "),
    isRight: (text) => METHODS.some((method) => method === text),
    guess: (text) => nearest(text, METHODS),
  },
  {
    key: "path",
    question: "Its path below the base URL (such as /pages/{id})",
    allowed: "a path such as /pages/{id} without ?, # and dot segments, whose parameters are letters, digits and _",
    isRight(text) {
      const filled = text.replaceAll(/\{[^{}]*\}/g, "x");
      return (
        /^(?:\/|(?:\/[\w.~@%+,:=-]+)+\/?)$/.test(filled) &&
        new URL(filled, "https://x.example").pathname === filled &&
        parametersOf(text).every((name) => /^[A-Za-z]\w{0,63}$/.test(name) && !(name in {}))
      );
    },
    guess: (text) =>
      `/${text}`
        .replace(/[?#].*$/, "")
        .replaceAll(/\/+/g, "/")
        .replaceAll(/\/:(\w+)/g, "/{$1}"),
  },
  {
    key: "package",
    question: "The npm package",
    allowed: "stepwire-connector-<name> or @scope/stepwire-connector-<name>, in small letters, at most 214 of them",
    isRight: (text) => PACKAGE.test(text) && text.length <= 214,
    guess(text) {
      const [, scope = "", rest = ""] = /^(@[^/]+\/)?(.*)$/.exec(text.toLowerCase()) ?? [];
      return `${scope}stepwire-connector-${tidy(rest.replace(/^(?:stepwire-)?(?:connector-)?/, ""))}`;
    },
    fallback: ({ name = "" }) => `stepwire-connector-${name.split("/")[1] ?? "name"}`,
  },
];

const isIdentifier = (text: string): boolean => /^[a-z][A-Za-z0-9]{0,63}$/.test(text);

/** Origin and path, without a slash at the end. */
function bareUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`.replace(/\/+$/, "");
}

const tidy = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
