import { CONTRACT, isBranded, mark } from "./contract.ts";
import type { Actions, ConnectorType } from "./connector-type.ts";
import type { Step } from "./step.ts";

/** Any connector type at all. */
// oxlint-disable-next-line typescript/no-explicit-any -- any connector type, whatever its schemas and actions
export type AnyConnectorType = ConnectorType<any, any, any, Actions>;

/** What a package brings: connector types and steps, made for one number of the contract. */
export interface Plugin {
  readonly contract: number;
  readonly connectorTypes: readonly AnyConnectorType[];
  readonly steps: readonly Step[];
}

/** What a connector package exports by default. Each connector type should be a named export too. */
export function definePlugin(def: { connectorTypes?: readonly AnyConnectorType[]; steps?: readonly Step[] }): Plugin {
  return mark({ contract: CONTRACT, connectorTypes: def.connectorTypes ?? [], steps: def.steps ?? [] }, "plugin");
}

/** Whether a value was made by `definePlugin`, of this copy of the package or of another. */
export function isPlugin(value: unknown): value is Plugin {
  return isBranded(value, "plugin");
}
