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
  "expect",
  "index",
  "it",
  "mockVendor",
  "onTestFinished",
  "outcome",
  "runOnce",
  "vendor",
  "z",
]);

/** Whether a word can be the name of a constant, a file and a key in what is written. */
export const isFree = (word: string): boolean => !RESERVED.has(word) && !TAKEN.has(word) && !(word in {});

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
