/**
 * What may steer a terminal or reorder text on it: C0 and C1 control characters but tab and line feed, DEL, line and
 * paragraph separators, and the marks that turn the direction of writing.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from elsewhere, such as another system's error message, made harmless for a terminal. */
export function clean(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(STEERING, "�");
}

/** The same, on one line: what another system says must not look like a line of ours. */
export function cleanLine(text: string): string {
  return clean(text.replaceAll(/\s*[\r\n]+\s*/g, " "));
}

/** JSON that means the same but holds no character that could steer a terminal. */
export function safeJson(value: unknown, space?: number): string {
  const text = JSON.stringify(value, null, space) ?? "null";
  // JSON escapes C0 by itself; line feeds stand between its lines only.
  return text.replaceAll(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A word as a shell wants it, for commands to be copied. */
export function shellWord(text: string): string {
  return /^[\w./@:=-]+$/.test(text) ? text : `'${cleanLine(text).replaceAll("'", String.raw`'\''`)}'`;
}
