import type { AnyConnectorType } from "@stepwire/core";
import { isIdentifier } from "@stepwire/host";

import type { Subject } from "./kit.ts";
import type { ConnectorInput, Example, TypeScenarios, VendorRequest } from "./scenarios.ts";

/** What a connector logs in with. */
export interface Secret {
  /** Such as `secrets.secretHeaders.X-Key`. */
  readonly name: string;
  readonly text: string;
}

/** Every text below its secrets but those that only identify, such as a user's name. */
export function secretsOf({ secrets = {} }: ConnectorInput, place = "secrets"): Secret[] {
  const found: Secret[] = [];
  const collect = (value: unknown, name: string): void => {
    if (typeof value === "string") found.push({ name, text: value });
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) collect(item, `${name}.${key}`);
  };
  for (const [key, value] of Object.entries(secrets)) if (!isIdentifier(key)) collect(value, `${place}.${key}`);
  return found;
}

/** What may not get out of a secret. Of one that is a JSON object it is the texts in it: its keys are no secret, nor whom it names. */
export function partsOf({ name, text }: Secret): Secret[] {
  const json = text.trimStart().startsWith("{") ? parsed(text) : undefined;
  return json === undefined ? [{ name, text }] : secretsOf({ secrets: json }, name);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** All connectors of a type's scenarios, with the words for them. */
export function connectorsOf({
  connector,
  connectors = {},
}: TypeScenarios): { where: string; connector: ConnectorInput }[] {
  const further = Object.entries(connectors).map(([name, input]) => ({
    where: `connectors.${name}`,
    connector: input,
  }));
  return [{ where: "connector", connector }, ...further];
}

export const connectorOf = ({ scenarios }: Subject, { connector }: Example): ConnectorInput =>
  (connector === undefined ? scenarios.connector : scenarios.connectors?.[connector]) ?? {};

/** Whether a call is made without a connector, as only types with `optional` can be. */
export const isBare = ({ connection: { def } }: AnyConnectorType, { config, secrets }: ConnectorInput): boolean =>
  def.optional === true && config === undefined && secrets === undefined;

/** Whether a request is the host's own, for an access token. */
export function isForToken({ config = {} }: ConnectorInput, { url }: VendorRequest): boolean {
  const { accessTokenUrl } = config;
  return (
    typeof accessTokenUrl === "string" && URL.canParse(accessTokenUrl) && new URL(accessTokenUrl).href === url.href
  );
}
