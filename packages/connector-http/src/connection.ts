import { defineConnection } from "@stepwire/core";
import * as z from "zod";

const address = (name: string) =>
  z.url({ protocol: /^https?$/, error: `${name} is not an http or https URL` }).max(2048);

/** Any HTTP API: a base URL, a proxy if need be, and Kibana's envelope for authentication and headers. */
export const http = defineConnection({
  config: z.strictObject({
    url: address("url").describe("The base URL; a step's path is appended to it"),
    proxyUrl: address("proxyUrl").nullish().describe("A proxy for this connector alone"),
    proxyVerificationMode: z
      .enum(["none", "certificate", "full"])
      .nullish()
      .describe("How the certificate of an https proxy is checked; full unless given"),
    hasProxyAuth: z.boolean().nullish().describe("Whether the proxy wants proxyUsername and proxyPassword"),
  }),
  secrets: z.strictObject({
    proxyUsername: z.string().max(1024).nullish().describe("The user for the proxy"),
    proxyPassword: z.string().max(1024).nullish().describe("The password for the proxy"),
  }),
  auth: [{ kind: "envelope" }],
  proxy: {
    url: "proxyUrl",
    verificationMode: "proxyVerificationMode",
    hasAuth: "hasProxyAuth",
    username: "proxyUsername",
    password: "proxyPassword",
  },
  optional: true,
  baseUrl: (config) => config.url,
  hosts: [],
});
