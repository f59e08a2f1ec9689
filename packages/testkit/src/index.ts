export { startLoopback, type Loopback, type LoopbackHandler, type ReceivedRequest, type Reply } from "./loopback.ts";
export { mockVendor, type MockVendor, type VendorCall, type VendorHandler } from "./mock-vendor.ts";
export { runOnce, testOnce, type Outcome, type RunOnceOptions } from "./run-once.ts";
