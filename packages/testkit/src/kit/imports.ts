/** Comments, texts, templates, regular expressions, names, and single marks. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`|(?<=(?:[=(,:[!&|?{};\n]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*|[A-Za-z_$][\w$]*|\S/g;

/**
 * What a module imports, read from its text: `import`, `export … from`, `import()` and `require()`. A name that is made
 * while it runs is `undefined`.
 */
export function importsOf(code: string): (string | undefined)[] {
  const tokens = (code.match(TOKEN) ?? []).filter((token) => !/^\/[/*]/.test(token));
  const found = new Set<string | undefined>();
  for (const [index, token] of tokens.entries()) {
    const [before, next = "", behind = "", last = ""] = [tokens[index - 1], ...tokens.slice(index + 1, index + 4)];
    if (before === "." || before === "function") continue;
    if (/^(?:from|import)$/.test(token) && isText(next)) found.add(textOf(next));
    const isCall = (token === "import" || /^_*require$/.test(token)) && next === "(";
    if (!isCall) continue;
    if (isText(behind) && /^[),]$/.test(last)) found.add(textOf(behind));
    // What bundlers write to make up for `require` passes names on; only `import()` leads anywhere.
    else if (token === "import") found.add(undefined);
  }
  return [...found];
}

const isText = (token: string): boolean => /^["']/.test(token) && token.length > 1;
const textOf = (token: string): string => token.slice(1, -1);
