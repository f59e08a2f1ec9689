import { mockVendor, runOnce, type MockVendor, type Outcome, type VendorHandler } from "@stepwire/testkit";
import { onTestFinished } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { BASE, CONFIG, ISSUE, NO_CONTENT } from "./redmine.ts";

export * from "./redmine.ts";

let playing: MockVendor | undefined;

/** A Redmine that does what it is asked; `routes` replace its answers. A later one in a test takes its place. */
export function redmine(routes: Record<string, VendorHandler> = {}): MockVendor {
  playing?.close();
  const vendor = mockVendor({
    [`POST ${BASE}/issues.json`]: () => ISSUE,
    [`GET ${BASE}/issues/:file`]: () => ({ ...ISSUE, status: 200 }),
    [`PUT ${BASE}/issues/:file`]: () => NO_CONTENT,
    [`PUT ${BASE}/issues/:id/notes.json`]: () => NO_CONTENT,
    ...routes,
  });
  playing = vendor;
  onTestFinished(() => vendor.close());
  return vendor;
}

export interface Call {
  action?: string;
  config?: object;
  secrets?: object;
  network?: { baseUrl?: string; responseTimeout?: string };
  timeout?: string;
  parts?: Map<string, unknown>;
}

/** Runs an action (`pushToService` unless given) with the config above, parts of it replaced. */
export async function run(input: object, { config, secrets, ...rest }: Call = {}): Promise<Outcome> {
  return runOnce(casesWebhook, {
    ...rest,
    // Files hold what TypeScript would refuse, and some tests want just that.
    config: { ...CONFIG, ...config } as typeof CONFIG,
    secrets: { ...secrets },
    input,
  });
}

/** `POST /issues.json` for each request, in order. */
export const sent = (vendor: MockVendor): string[] =>
  vendor.calls.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`);
