import type { Kit } from "./kit.ts";
import type { Report } from "./problem.ts";
import { abort } from "./groups/abort.ts";
import { answers } from "./groups/answers.ts";
import { auth } from "./groups/auth.ts";
import { authExpiry } from "./groups/auth-expiry.ts";
import { connection } from "./groups/connection.ts";
import { docs } from "./groups/docs.ts";
import { effects } from "./groups/effects.ts";
import { examples } from "./groups/examples.ts";
import { importing } from "./groups/import.ts";
import { listing } from "./groups/listing.ts";
import { manifest } from "./groups/manifest.ts";
import { ownIo } from "./groups/own-io.ts";
import { output } from "./groups/output.ts";
import { packageShape } from "./groups/package.ts";
import { redaction } from "./groups/redaction.ts";
import { retry } from "./groups/retry.ts";
import { schema } from "./groups/schema.ts";
import { templates } from "./groups/templates.ts";
import { vendor } from "./groups/vendor.ts";

export interface Group {
  /** As in the guide on testing: stable, so that a list of expected failures can name it. */
  readonly id: string;
  readonly title: string;
  /** It looks at more than what the scenarios call. */
  readonly withoutScenarios?: boolean;
  readonly check: (kit: Kit, report: Report) => void | Promise<void>;
}

/** What the kit does not look at, so that the report does not keep quiet about it. */
export const UNCHECKED: readonly { readonly id: string; readonly title: string; readonly reason: string }[] = [
  {
    id: "paging",
    title: "lists are read to their end, and no further",
    reason: "how a vendor pages is known to the connector's own tests alone",
  },
  { id: "options", title: "choices that are looked up", reason: "contract 1 has none" },
  {
    id: "files",
    title: "large files pass through in little memory",
    reason: "contract 1 reads answers whole, up to the step's limit",
  },
  {
    id: "migration",
    title: "saved configuration of older versions still loads",
    reason: "contract 1 has no migrations; stepwire-kit diff shows what would break",
  },
  { id: "mcp", title: "tools for agents derive from the manifest", reason: "no host offers them yet" },
  { id: "live", title: "actions work against the real system", reason: "the kit runs offline" },
];

/** Every group, in the order of the report. */
export const GROUPS: readonly Group[] = [
  {
    id: "examples",
    title: "every action has an example, and it comes out as it says",
    check: examples,
  },
  {
    id: "package",
    title: "the package is what npm, hosts and its users expect",
    withoutScenarios: true,
    check: packageShape,
  },
  { id: "listing", title: "it is listed without any of its code being run", withoutScenarios: true, check: listing },
  {
    id: "import",
    title: "importing it defines things and does nothing else",
    withoutScenarios: true,
    check: importing,
  },
  { id: "manifest", title: "the manifest is fresh", withoutScenarios: true, check: manifest },
  { id: "schema", title: "what users write is bounded and described", withoutScenarios: true, check: schema },
  { id: "auth", title: "each way to log in puts its credential where it says, and nowhere else", check: auth },
  { id: "auth-expiry", title: "an access token that expired is fetched anew, once for all", check: authExpiry },
  { id: "redaction", title: "no secret gets out, whole or in pieces", check: redaction },
  { id: "own-io", title: "its own code touches neither the network nor the process", check: ownIo },
  { id: "effects", title: "what reads sends nothing that writes", check: effects },
  { id: "answers", title: "what a vendor answers instead of yes comes out as what it is", check: answers },
  {
    id: "connection",
    title: "a host that is not there, or not who it should be, is named and not trusted",
    check: connection,
  },
  { id: "retry", title: "what may be sent twice is, and nothing else", check: retry },
  { id: "abort", title: "a call that is aborted stops at once", check: abort },
  { id: "templates", title: "whatever text is handed to an action stays in its place", check: templates },
  { id: "output", title: "answers with more or less in them than usual do no harm", check: output },
  {
    id: "docs",
    title: "every action is documented, and the README's examples run",
    withoutScenarios: true,
    check: docs,
  },
  {
    id: "vendor",
    title: "requests and answers are those of the vendor's own document",
    check: vendor,
  },
];
