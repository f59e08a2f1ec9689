import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { textToAdf, type AdfDocument } from "./adf.ts";
import type { Site } from "./site.ts";

/** Jira's own default limit for descriptions and comments, in characters (jira.text.field.character.limit). */
export const MAX_TEXT = 32_767;

const document = z.strictObject({
  type: z.literal("doc").describe("What it is: doc"),
  version: z.literal(1).describe("The format's version: 1"),
  content: z.array(z.unknown()).max(5000).describe("Its nodes: paragraphs, lists, tables and the like"),
});

export type RichText = string | AdfDocument;

/** A text, or a whole Atlassian document where somebody wants more than paragraphs and links. */
export const richText = (text = z.string().max(MAX_TEXT)) =>
  z.union([text, document], {
    error: 'give a text, or (version 3) an Atlassian document: { type: "doc", version: 1, content: […] }',
  });

/** A text as the site's version takes it. Throws `params-invalid` for a document where version 2 is spoken. */
export function toBody(site: Site, value: RichText, parameter: string): RichText {
  if (site.version === 3) return typeof value === "string" ? textToAdf(value) : value;
  if (typeof value === "string") return value;
  const message = `${parameter} is an Atlassian document, which Jira's REST API version 2 does not take. Give a text in wiki markup, or (Cloud) set the connector's apiVersion: 3.`;
  throw new StepwireError("params-invalid", message, { details: { parameter } });
}
