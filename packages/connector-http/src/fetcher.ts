import type { RequestOptions } from "@stepwire/core";
import * as z from "zod";

/** Kibana's options for how a request is sent. */
export const fetcher = z.strictObject({
  skip_ssl_verification: z
    .boolean()
    .optional()
    .describe("Do not check the server's certificate; refused where a connector's credentials would go along"),
  follow_redirects: z
    .boolean()
    .optional()
    .describe("false: a redirect is an error; true: followed whatever the method; GET alone is followed unless given"),
  max_redirects: z.number().int().min(0).max(20).optional().describe("Most redirects to follow; 5 unless given"),
  keep_alive: z.boolean().optional().describe("false: the connection is closed behind the answer"),
  max_content_length: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Largest answer in bytes; never more than the step's max-step-size"),
});

/** The same in the host's words. */
export function transferOptions(given: z.output<typeof fetcher> = {}): Partial<RequestOptions> {
  const { skip_ssl_verification, follow_redirects, max_redirects, keep_alive, max_content_length } = given;
  const maxRedirects = follow_redirects === false ? 0 : max_redirects;
  return {
    ...(skip_ssl_verification === true ? { verifyTls: false } : {}),
    ...(maxRedirects === undefined ? {} : { maxRedirects }),
    ...(follow_redirects === true ? { redirectWrites: true } : {}),
    ...(keep_alive === undefined ? {} : { keepAlive: keep_alive }),
    ...(max_content_length === undefined ? {} : { maxBytes: max_content_length }),
  };
}
