/** The kit on a connector that does everything right: every group is green, and none is left out in silence. */
import { test } from "vitest";

import { describeConnector } from "../../src/index.ts";
import plugin from "./sample/index.js";
import scenarios from "./sample/scenarios.js";

// The package is imported as a user would, but from sources.
process.env["NODE_OPTIONS"] = "--conditions=@stepwire/source";

describeConnector({ test, plugin, scenarios, folder: new URL("sample/", import.meta.url) });
