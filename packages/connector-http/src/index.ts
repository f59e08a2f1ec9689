import { defineConnectorType, definePlugin } from "@stepwire/core";

import { http as connection } from "./connection.ts";
import { request } from "./request.ts";

export const http = defineConnectorType({
  id: "http",
  title: "HTTP",
  description: "Calls any HTTP API, with a configured connector or directly by URL",
  connection,
  actions: { request },
  defaultAction: "request",
  aliases: [".http"],
});

export default definePlugin({ connectorTypes: [http] });
