export { describeConnector, type DescribeConnectorOptions, type TestFunction } from "./kit/describe-connector.ts";
export {
  defineScenarios,
  type ActionScenarios,
  type Answers,
  type AntiExample,
  type ConnectorInput,
  type Example,
  type Scenarios,
  type StatusOutcome,
  type TypeScenarios,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
} from "./kit/scenarios.ts";
export type { ExpectedFailure } from "./kit/expected-failures.ts";
export type { GroupResult } from "./kit/run-kit.ts";
export type { Problem } from "./kit/problem.ts";
export { startLoopback, type Loopback, type LoopbackHandler, type ReceivedRequest, type Reply } from "./loopback.ts";
export { mockVendor, type MockVendor, type VendorCall, type VendorHandler } from "./mock-vendor.ts";
export { runOnce, testOnce, type Outcome, type RunOnceOptions } from "./run-once.ts";
