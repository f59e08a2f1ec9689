// A declaration as it is written, without what its users do not see.

/** The words of the comment right before a declaration; `undefined` where there is none. */
export function docstringOf({ text, start, comments }) {
  const before = comments.filter(({ end }) => end <= start);
  // What is meant for tools may stand between the two.
  const last = before.findLast(({ type }) => type === "Block");
  const between = last === undefined ? "" : text.slice(last.end, start).replaceAll(/^\s*\/\/.*$/gm, "");
  if (last === undefined || !last.value.startsWith("*") || between.trim() !== "") return undefined;
  return last.value
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join("\n")
    .trim();
}

/** TypeScript without bodies, and without comments for tools. */
export function signatureOf({ text, node }) {
  let signature = "";
  let at = node.start;
  for (const { start, end, instead } of [...bodiesOf(node), ...tablesOf(node)]) {
    signature += text.slice(at, start).trimEnd() + instead;
    at = end;
  }
  signature += text.slice(at, node.end);
  return signature
    .replaceAll(/^\s*\/\/.*\n/gm, "")
    .replaceAll(/\{@link ([\w.]+)\}/g, "$1")
    .replace(/;?$/, ";")
    .replace(/\};$/, "}");
}

function bodiesOf(node) {
  const methods = node.type === "ClassDeclaration" ? node.body.body.map(({ value }) => value) : [];
  return [node, ...methods]
    .filter((work) => work?.type === "FunctionDeclaration" || work?.type === "FunctionExpression")
    .map(({ body: { start, end } }) => ({ start, end, instead: ";" }));
}

/** A table of values is shown as one, not as the code that makes it. */
function tablesOf({ type, declarations }) {
  if (type !== "VariableDeclaration") return [];
  const initials = declarations.map(({ init }) => init).filter((init) => init.type === "TSSatisfiesExpression");
  return initials.map(({ expression: { expression } }) => ({
    start: expression.start,
    end: expression.end,
    instead: " { … }",
  }));
}
