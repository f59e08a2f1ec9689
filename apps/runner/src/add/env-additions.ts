import { isDeepStrictEqual, parseEnv } from "node:util";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Secrets on their way into an env file. What stands there already stays as it is, and no variable is changed: a name
 * that has another value, in the file or in the real environment, which goes before it, is passed over.
 */
export class EnvAdditions {
  /** The variables that were added, in order. */
  readonly names: string[] = [];
  readonly #environment: Variables;
  #text: string;

  /** @param text the file; empty where there is none. */
  constructor(text: string, environment: Variables) {
    this.#text = text;
    this.#environment = environment;
  }

  /** The file with what was added. */
  get text(): string {
    return this.#text;
  }

  /** Keeps a secret; gives the reference that reads it, or nothing where the file's format cannot hold it. */
  keep(name: string, secret: string): string | undefined {
    const whole = this.#add(name, secret);
    if (whole !== undefined) return whole;
    // No quote is left for a text with all three of them in it: it goes into several variables.
    const pieces = piecesOf(secret).map((piece) => this.#add(name, piece));
    return pieces.includes(undefined) || pieces.length === 0 ? undefined : pieces.join("");
  }

  #add(wanted: string, value: string): string | undefined {
    const variables = parseEnv(this.#text);
    const { name, there } = freeName(wanted, value, variables, this.#environment);
    if (there) return `\${env:${name}}`;
    const expected = { ...variables, [name]: value };
    for (const written of writings(value)) {
      const text = `${this.#text}${this.#gap()}${name}=${written}\n`;
      // The parser itself is asked: nobody else knows all of its rules.
      if (!isDeepStrictEqual({ ...parseEnv(text) }, expected)) continue;
      this.#text = text;
      this.names.push(name);
      return `\${env:${name}}`;
    }
    return undefined;
  }

  #gap(): string {
    return this.#text === "" || this.#text.endsWith("\n") ? "" : "\n";
  }
}

function freeName(wanted: string, value: string, file: Variables, environment: Variables) {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    const inFile = Object.hasOwn(file, name) ? file[name] : undefined;
    const outside = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if ((inFile ?? value) === value && (outside ?? value) === value) return { name, there: inFile !== undefined };
  }
}

/** Plain where nobody could misread it, else in the first quotes that fit. */
function* writings(value: string): Generator<string> {
  if (/^[\w./:@+=-]+$/.test(value)) yield value;
  for (const quote of ["'", "`", '"']) yield `${quote}${value}${quote}`;
  yield value;
}

/** The fewest pieces that each do without one kind of quotes. Between double quotes `\n` would be a line feed. */
function piecesOf(secret: string): string[] {
  const pieces: string[] = [];
  for (let rest = secret; rest !== "";) {
    const ends = [/'/, /`/, /"|\\n/].map((stop) => stop.exec(rest)?.index ?? rest.length);
    const piece = rest.slice(0, Math.max(...ends, 1));
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}

/** `Jira (Ops)` and `apiToken` as `JIRA_OPS_API_TOKEN`. */
export function variableName(connector: string, type: string, keys: readonly string[]): string {
  const words = (text: string) =>
    text
      .normalize("NFKD")
      .replaceAll(/\p{M}/gu, "")
      .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
      .toUpperCase()
      .replaceAll(/[^A-Z\d]+/g, "_")
      .replaceAll(/^_+|_+$/g, "");
  const owner = [words(connector).slice(0, 60).replace(/_$/, ""), words(type)].find((text) => /^[A-Z]/.test(text));
  return [owner ?? "CONNECTOR", ...keys.map(words)].filter((word) => word !== "").join("_");
}
