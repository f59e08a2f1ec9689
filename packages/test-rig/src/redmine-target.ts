import { startSystem, type Missing } from "./system.ts";

/** A Redmine with the private project `cases` and a user who may work on it. */
export interface RedmineTarget {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

/** Redmine 5 of Debian on a database of its own; see `debian/redmine-seed.rb` for what is in it. */
export async function redmineTarget(): Promise<RedmineTarget | Missing> {
  const system = await startSystem("redmine");
  if ("missing" in system) return system;
  return { ...system, url: "http://127.0.0.1:3900", user: "connector", password: "connector-pass" };
}
