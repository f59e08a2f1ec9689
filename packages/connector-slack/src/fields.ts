import * as z from "zod";

/** Slack cuts longer texts off, so that the end of a message would be lost in silence. */
const MAX_TEXT = 40_000;
const MAX_BLOCKS = 50;
const MAX_ATTACHMENTS = 100;
/** Of one block or attachment; those that Slack knows have some twenty. */
const MAX_FIELDS = 50;

export const messageText = z.string().min(1).max(MAX_TEXT);

const bounded = <T extends z.ZodType<object>>(map: T) =>
  map
    .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, { error: `has more than ${MAX_FIELDS} fields` })
    .meta({ maxProperties: MAX_FIELDS });

export const blocks = z
  .array(bounded(z.looseObject({ type: z.string().min(1).max(255).describe("The kind of block, such as section") })))
  .min(1)
  .max(MAX_BLOCKS);

export const attachments = z
  .array(bounded(z.looseObject({})))
  .min(1)
  .max(MAX_ATTACHMENTS);

/** Names a message: the time it was sent at, to a millionth of a second. Read as a number it would lose its last digits. */
export const timestamp = z
  .string({ error: 'a message is named by a text; write it in quotes, such as "1405894322.002768"' })
  .max(32)
  .regex(/^\d{1,20}\.\d{1,6}$/, 'is no timestamp of a message, such as "1405894322.002768"');

/** An id or a name, as part of a request's body. */
export const conversation = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s\p{Cc}]+$/u, "an id or name of a channel has no blanks");

export const CONVERSATION_TYPES = ["public_channel", "private_channel", "im", "mpim"] as const;

/** What a list gave to go on from. */
export const cursor = z.string().min(1).max(1024);
