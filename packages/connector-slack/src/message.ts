import { fallbackText } from "./fallback-text.ts";

/** A message in Slack's own names, as webhooks and `chat.postMessage` both take it; more keys go along as they are. */
export interface Message {
  text?: string | undefined;
  blocks?: readonly Readonly<Record<string, unknown>>[] | undefined;
  attachments?: readonly object[] | undefined;
  [key: string]: unknown;
}

export const NOTHING_TO_SAY = "the message is empty";

/** Slack refuses a message without any of these. */
export function saysSomething({ text, blocks, attachments }: Message): boolean {
  return text !== undefined || blocks !== undefined || attachments !== undefined;
}

/** The body of a request: what is set, with a text for notifications where there are only blocks. */
export function messageBody(message: Message): Message {
  const { blocks } = message;
  const text = message.text ?? (blocks === undefined ? undefined : fallbackText(blocks));
  const set = Object.entries({ ...message, text }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set);
}
