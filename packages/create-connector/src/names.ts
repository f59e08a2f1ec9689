const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** What the written files use by themselves. */
const TAKEN = new Set([
  "conformance",
  "connection",
  "connector",
  "defineConnectorType",
  "definePlugin",
  "encodeURIComponent",
  "expect",
  "index",
  "it",
  "mockVendor",
  "onTestFinished",
  "outcome",
  "runOnce",
  "undefined",
  "vendor",
  "z",
]);

/** What the written test declares beside the type's constant, which must be another word; an action may be called so. */
const BESIDE_TYPE = new Set(["call", "input", "reply"]);

/** Whether a word can be the name of a constant, a file and a key in what is written. */
export const isFree = (word: string): boolean => !RESERVED.has(word) && !TAKEN.has(word) && !(word in {});

/** The constant of a type beside that of its action. */
export function typeConstant(type: string, action: string): string {
  const words = [type, `${type}Type`, `${type}Connector`];
  return words.find((word) => isFree(word) && !BESIDE_TYPE.has(word) && word !== action) ?? type;
}

/** `jira-cloud` as `jiraCloud`. */
export const camelCase = (text: string): string =>
  text.replace(/[-_]+([a-z0-9])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? "");

/** `getPage` as `get-page`. */
export const kebabCase = (text: string): string =>
  text.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? "" : "-"}${letter.toLowerCase()}`);

/** The parameters in a path, each once. */
export const parametersOf = (path: string): string[] => [
  ...new Set([...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name)),
];
