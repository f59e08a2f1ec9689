import { defineConnection, type HttpResponse, type VendorRefusal } from "@stepwire/core";
import * as z from "zod";

import { WEBHOOK_REFUSALS } from "../refusals.ts";

/** Slack answers `ok` as text; anything else under a 2xx, and the word in an error, is its reason. */
function check(response: HttpResponse): VendorRefusal | undefined {
  const word = typeof response.data === "string" ? response.data.trim() : "";
  const accepted = response.status >= 200 && response.status < 300;
  if (accepted && word === "ok") return undefined;
  if (response.status === 429) return undefined;
  const meaning = Object.hasOwn(WEBHOOK_REFUSALS, word) ? `${word}. ${WEBHOOK_REFUSALS[word]}` : undefined;
  if (meaning === undefined && !accepted) return undefined;
  // A page of a gateway or a login is no reason of Slack's; its text is kept in the error's `data`.
  const said = word.startsWith("<") ? undefined : word.slice(0, 200);
  const instead = said === undefined ? "with a web page" : JSON.stringify(said);
  return {
    code: "http-status",
    message: meaning ?? `Slack did not answer ok but ${instead}. Is webhookUrl an incoming webhook?`,
    retryable: false,
    ...(said === undefined ? {} : { details: { slackError: said } }),
  };
}

/** An incoming webhook: its URL is all there is, and it is the secret. */
export const incomingWebhook = defineConnection({
  config: z.strictObject({}),
  secrets: z.strictObject({
    webhookUrl: z
      .url({ protocol: /^https?$/, error: "webhookUrl is not a URL; copy it whole from Slack" })
      .max(2048)
      .describe("The URL of the incoming webhook, such as https://hooks.slack.com/services/T…/B…/…"),
  }),
  auth: [{ kind: "custom", place: (request, secrets) => ({ ...request, url: secrets.webhookUrl }) }],
  baseUrl: () => "https://hooks.slack.com",
  hosts: ["hooks.slack.com", "hooks.slack-gov.com"],
  check,
});
