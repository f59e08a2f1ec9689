/** What a version has to say of a change, as semver means it from 1.0.0 on. */
export type Bump = "major" | "minor" | "patch";

/** One thing that a newer manifest says otherwise than an older one. */
export interface ManifestChange {
  /** `major`: what worked may not work any more; `minor`: there is more; `patch`: words and files. */
  bump: Bump;
  /** Whether people who upgrade grant something that they had not granted before. */
  approve: boolean;
  /** What it is about: `package`, a type, an action or a step, and the place in it: `jira.createIssue input.labels`. */
  where: string;
  message: string;
}

/** A change that grants nothing. */
export const change = (bump: Bump, where: string, message: string): ManifestChange => ({
  bump,
  approve: false,
  where,
  message,
});

/** A change that grants something. */
export const grant = (bump: Bump, where: string, message: string): ManifestChange => ({
  bump,
  approve: true,
  where,
  message,
});
