/** The conformance kit, as any connector's author runs it. */
import { describeConnector } from "@stepwire/testkit";
import { test } from "vitest";

import plugin from "../src/index.ts";
import scenarios from "../test/scenarios.ts";

describeConnector({
  test,
  plugin,
  scenarios,
  folder: new URL("..", import.meta.url),
  expectedFailures: new URL("expected-failures.json", import.meta.url),
});
