import { StepwireError } from "@stepwire/core";

import { parseTarget, type AllowList } from "../allow-list.ts";
import type { AddressGuard } from "../private-address.ts";
import { rebase } from "../http/url.ts";

/** What the settings let a connector call. */
export interface Reach {
  allowList: AllowList;
  addressGuard: AddressGuard;
}

/** Throws what a request to this URL would throw before it is sent: by its host, or by an address written in it. */
export function assertReachable(url: URL, what: string, { allowList, addressGuard }: Reach): void {
  allowList.assertAllowed(url, what);
  addressGuard.checkLiteral(url);
}

/** The same for a text of a connector, which `network.baseUrl` may move elsewhere; the error instead of throwing it. */
export function unreachable(
  text: string,
  what: string,
  reach: Reach,
  moved: { from?: URL | undefined; to?: URL | undefined },
): StepwireError | undefined {
  try {
    const url = parseTarget(text, what);
    const { from, to } = moved;
    assertReachable(from === undefined || to === undefined ? url : rebase(url, from, to), what, reach);
    return undefined;
  } catch (error) {
    return StepwireError.from(error);
  }
}
