import type { ConnectorsFile } from "@stepwire/host";

/** Longer than anybody's name, short enough for messages and tables. */
const MAX_NAME = 255;

/** What is wrong with a new connector's name or id: nothing, or a sentence with what to do. */
export function nameProblem(what: "name" | "id", text: string, file: ConnectorsFile): string | undefined {
  if (text.trim() === "") return `The ${what} is empty.`;
  if (text.trim() !== text) return `The ${what} begins or ends with a space. Take it out.`;
  if (/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text))
    return `The ${what} holds a line break or a control character. Take it out.`;
  if (text.length > MAX_NAME) return `The ${what} has ${text.length} characters; at most ${MAX_NAME} are taken.`;
  // Connectors are looked up by either of the two.
  const taken = file.connectors.find(({ id, name }) => id === text || name === text);
  if (taken === undefined) return undefined;
  return `There is a connector ${JSON.stringify(text)} already, of the type ${taken.type}. Choose another ${what}.`;
}
