import { describeEngine } from "./conformance/suite.ts";

describeEngine("embedded", {
  module: new URL("conformance/embedded.ts", import.meta.url).href,
  rounds: 20,
  runs: 200,
});
