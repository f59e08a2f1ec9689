/**
 * What may steer a terminal or reorder text on it: control characters but tab and line feed, separators of lines and
 * paragraphs, and the marks that turn the direction of writing.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text of a package or a vendor, made harmless for a terminal. */
export function clean(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(STEERING, "�");
}

/** The same on one line, which must not look like two of ours. */
export function cleanLine(text: string): string {
  return clean(text.replaceAll(/\s*[\r\n]+\s*/g, " "));
}

/** JSON without such characters, which means the same. */
export function safeJson(value: unknown): string {
  const hex = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, 2).replaceAll(STEERING, hex);
}
