/** What to do about a file that {@link decodeUtf8} cannot read. */
export const UTF8_HINT = "Save it as UTF-8.";

/**
 * The text of a file, without a byte order mark; `undefined` if it is not UTF-8. Decoded leniently, a password in
 * another encoding would become a wrong one, and a message would arrive with replacement characters in it.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
