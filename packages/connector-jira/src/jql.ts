/** A text as a string of JQL. */
export const jqlString = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

/**
 * What to compare a text field with by `~`, so that the words of a title are sought and nothing in it is an operator:
 * Lucene's special characters get a backslash, and its operators, which are words in capitals, small letters (case
 * makes no difference to a search).
 */
export function jqlWords(text: string): string {
  const words = text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .replace(/[+\-&|!(){}[\]^"~*?:\\/]/g, "\\$&")
    .replace(/\b(?:AND|OR|NOT)\b/g, (operator) => operator.toLowerCase());
  return jqlString(words);
}
