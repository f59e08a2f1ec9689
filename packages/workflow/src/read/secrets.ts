import type { Path } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import { complain, type Reader } from "./reader.ts";

const SECRET_KEY =
  /^(?:.*[_-])?(?:password|passwd|token|secret|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret)$/i;
const AUTH_HEADER = /^(?:proxy-)?authorization$|^x-api-key$|^x-auth-token$/i;
/** Shapes that only real credentials have. */
const SHAPES = [
  /\bxox[abeoprs]-[\w-]{10,}/,
  /\bxapp-[\w-]{10,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[opsu]_\w{36,}/,
  /\bATATT3[\w=-]{20,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[\w-]+\/[\w-]+\/[\w/-]*\w{12,}/,
];

/** Warns of literal texts that look like credentials: a workflow is shared, a connector's secrets are not. */
export function warnOfSecrets(r: Reader, path: Path, value: unknown): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) warnOfSecrets(r, [...path, index], item);
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) warnOfSecrets(r, [...path, key], value[key]);
  } else if (typeof value === "string" && looksSecret(String(path.at(-1)), value)) {
    complain(
      r,
      path,
      {
        severity: "warning",
        rule: "literalSecret",
        message: `"${String(path.at(-1))}" looks like a secret that is written into the workflow.`,
        hint: "Put it into the secrets of a connector, where it can come from the environment and is masked.",
      },
      "value",
    );
  }
}

function looksSecret(key: string, text: string): boolean {
  if (SHAPES.some((shape) => isReal(shape.exec(text)?.[0]))) return true;
  if (hasUrlSecret(text)) return true;
  if (/\{[{%]/.test(text)) return false;
  // The last word is the credential in `Bearer abc` and `Basic abc`.
  const credential = text.trim().split(/\s+/).at(-1) ?? "";
  return (AUTH_HEADER.test(key) || SECRET_KEY.test(key)) && credential.length >= 4 && isReal(credential);
}

/** A password before the host of a URL, or a parameter of its query that is called like a secret. */
function hasUrlSecret(text: string): boolean {
  const [, password = "", query = ""] = /^https?:\/\/(?:[^/?#@:]*:([^/?#@]*)@)?[^?#]*(\?[^#]*)?/i.exec(text) ?? [];
  if (password !== "" && !/\{[{%]/.test(password) && isReal(password)) return true;
  return [...new URLSearchParams(query)].some(
    ([name, value]) => SECRET_KEY.test(name) && value.length >= 4 && !/\{[{%]/.test(value) && isReal(value),
  );
}

/** Placeholders say so, or repeat one character. */
function isReal(text: string | undefined): boolean {
  if (text === undefined) return false;
  const last = text.split(/[/-]/).findLast((part) => part !== "") ?? text;
  if (/^(.)\1+$/.test(last) || /^[x*.<>0]+$/i.test(last) || /\bT0{6,}/.test(text)) return false;
  return (
    !/(?:example|placeholder|replace|your|change[_-]?me|dummy|redacted|__install__)/i.test(text) && !/^<.*>$/.test(text)
  );
}
