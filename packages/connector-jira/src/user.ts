import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import type { Site } from "./site.ts";

/** Jira's word for whoever gets the issues of a project. */
const DEFAULT_ASSIGNEE = "-1";

export const accountId = z
  .string()
  .min(1)
  .max(128)
  .describe('The account\'s id, as searchUsers gives it; "-1" is the default assignee');
export const userName = z
  .string()
  .min(1)
  .max(255)
  .describe('Data Center: the user\'s name; "-1" is the default assignee');

/** Whom to assign to: an account of Cloud, a user of Data Center, or nobody. */
export interface Account {
  accountId?: string | null | undefined;
  name?: string | null | undefined;
}

/** The account as the site knows it. Throws `params-invalid` for two accounts, and for one of the other kind. */
export function toAccount(
  site: Site,
  { accountId: id, name }: Account,
): { accountId?: string | null; name?: string | null } {
  if (id !== undefined && name !== undefined) throw refused("There are two accounts, by id and by name. Give one.");
  if (id === undefined && name === undefined) {
    throw refused(
      'Nobody is named. Give accountId (Cloud) or name (Data Center); "-1" is the default assignee and null is nobody.',
    );
  }
  const value = id === undefined ? name : id;
  const isAnybody = value === null || value === DEFAULT_ASSIGNEE;
  if (site.cloud) {
    if (name !== undefined && !isAnybody)
      throw refused("Jira Cloud knows accounts by id, not by name. Ask searchUsers.");
    return { accountId: value ?? null };
  }
  if (id !== undefined && !isAnybody) throw refused("Jira Data Center knows users by name; it has no account ids.");
  return { name: value ?? null };
}

/** The account as a field of an issue. */
export function toAssignee(site: Site, account: Account): object | null {
  const known = toAccount(site, account);
  return Object.values(known)[0] === null ? null : known;
}

const refused = (message: string) => new StepwireError("params-invalid", message);
