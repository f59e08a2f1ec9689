import { nodeRig } from "@stepwire/test-rig";

import { describeTable } from "./envelope-table/table.ts";

describeTable(nodeRig);
