import { afterAll, beforeAll, expect, it } from "vitest";

import { failureOf } from "../test/http-support.ts";
import { loudDebianRig } from "./rig.ts";

let rig: Awaited<ReturnType<typeof loudDebianRig>>;
beforeAll(async () => {
  rig = await loudDebianRig("how servers refuse a missing client certificate");
});
afterAll(async () => {
  if (rig !== undefined && !("missing" in rig)) await rig.close();
});

// Not an error of TLS: nginx lets the connection through, and then answers with a page.
it("is an http status where nginx misses a client certificate", async ({ skip }) => {
  if ("missing" in rig) return skip(`missing: ${rig.missing.join(", ")}`);
  const url = await rig.target("good", { clientCertificate: "required" });
  const error = await failureOf({ url, config: { ca: rig.ca } });
  expect(error).toMatchObject({ code: "http-status", status: 400, retryable: false });
  expect(error.message).toContain("No required SSL certificate was sent");
  expect(error.message).not.toContain("<");
});

it("is tls-client-certificate where haproxy misses one", async ({ skip }) => {
  if ("missing" in rig) return skip(`missing: ${rig.missing.join(", ")}`);
  const error = await failureOf({ url: rig.strictTarget, config: { ca: rig.ca } });
  expect(error.code, error.message).toBe("tls-client-certificate");
});
