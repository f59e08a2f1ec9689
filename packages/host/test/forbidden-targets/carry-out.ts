import { StepwireError, type AuthKind } from "@stepwire/core";
import { certificates } from "@stepwire/test-rig";

import { openConnector, reachOf } from "../../src/connector/create-connector.ts";
import { readNetworkOptions } from "../../src/connector/network-options.ts";
import { problemsError } from "../../src/connector/problem.ts";
import { setUpConnector } from "../../src/connector/setup.ts";
import type { Resolve } from "../../src/private-address.ts";
import { typeOf } from "../http-support.ts";
import type { Row } from "./row.ts";

/** Sets up what the row describes and makes its calls; the error that ends it, if one does. */
export async function carryOut(row: Row, resolve: Resolve): Promise<StepwireError | undefined> {
  const { connector: given, call, times = 1 } = row;
  const auth: AuthKind[] | undefined =
    given?.secretUrl === true
      ? [{ kind: "custom", place: (request, secrets) => ({ ...request, ...urlOf(secrets) }) }]
      : undefined;
  const type = typeOf(async (ctx) => ctx.request(call), {
    ...(auth === undefined ? {} : { auth }),
    ...(given?.secretUrl === true ? { baseUrl: () => "https://hooks.example" } : {}),
  });
  // A repetition must not take the seconds that it has in the field.
  const run = { ...type.actions.run, policies: { retry: { minDelay: "1ms", maxDelay: "1ms" } } };
  const quick = { ...type, actions: { run } };
  try {
    const ssl = { certificateAuthoritiesData: certificates().ca };
    const { network } = readNetworkOptions({ ...row.settings, ssl });
    const parts = { name: "row", network, resolve };
    let connector = given === undefined ? openConnector(quick, parts) : undefined;
    if (given !== undefined) {
      const { secretUrl, secrets = {}, network: own = {} } = given;
      const config = secretUrl === true || given.config?.["hasAuth"] === true ? {} : { hasAuth: false };
      const input = { config: { ...config, ...given.config }, secrets, network: own };
      const checked = setUpConnector(quick, input, reachOf(network, resolve));
      if ("problems" in checked) throw problemsError("The connector row", checked.problems);
      connector = openConnector(quick, { ...parts, setup: checked.setup });
    }
    try {
      for (let count = 1; count < times; count += 1)
        await connector?.run("run", {}).catch((cause: unknown) => {
          throw new Error("Only the last call may fail.", { cause });
        });
      await connector?.run("run", {});
    } finally {
      await connector?.close();
    }
    return undefined;
  } catch (error) {
    if (StepwireError.is(error)) return error;
    throw error;
  }
}

const urlOf = (secrets: unknown) => ({ url: String((secrets as Record<string, unknown>)["webhookUrl"]) });
