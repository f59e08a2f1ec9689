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
export function secretsOf({ secrets = {} }: ConnectorInput): Secret[] {
  const found: Secret[] = [];
  const collect = (value: unknown, name: string): void => {
    if (typeof value === "string") found.push({ name, text: value });
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) collect(item, `${name}.${key}`);
  };
  for (const [key, value] of Object.entries(secrets)) if (!isIdentifier(key)) collect(value, `secrets.${key}`);
  return found;
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

/** Whether a request is the host's own, for an access token. */
export function isForToken({ config = {} }: ConnectorInput, { url }: VendorRequest): boolean {
  const { accessTokenUrl } = config;
  return (
    typeof accessTokenUrl === "string" && URL.canParse(accessTokenUrl) && new URL(accessTokenUrl).href === url.href
  );
}
