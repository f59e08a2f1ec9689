import type { Scenarios } from "../../../src/index.ts";

declare const scenarios: Scenarios;
export default scenarios;
