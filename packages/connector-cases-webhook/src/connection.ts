import { defineConnection } from "@stepwire/core";
import * as z from "zod";

import { config } from "./config.ts";
import { prepare } from "./prepare.ts";

/** Any case management system with a REST API, described by URL and JSON templates. */
export const casesWebhook = defineConnection({
  config,
  secrets: z.strictObject({}),
  auth: [{ kind: "envelope", methods: ["none", "basic", "ssl"] }],
  // Every URL of a connector is whole; this is what network.baseUrl takes the place of.
  baseUrl: (given) => URL.parse(given.createIncidentUrl)?.origin ?? "",
  hosts: [],
  prepare,
});
