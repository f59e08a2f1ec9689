/** What an author gets wrong, one thing at a time: the kit catches each, and its message names the fix. */
import { describe, expect, it } from "vitest";

import { judged, type Change } from "./faulty.ts";

process.env["NODE_OPTIONS"] = "--conditions=@stepwire/source";

interface Planted {
  name: string;
  group: string;
  changes: Change[];
  manifest?: "stale";
  where: string;
  message: RegExp;
  fix: RegExp;
}

const FAULTS: Planted[] = [
  {
    name: "an unbounded text",
    group: "schema",
    changes: [["index.js", "text: z.string().min(1).max(500)", "text: z.string().min(1)"]],
    where: "acme/pager.page input.text",
    message: /without a greatest length/,
    fix: /\.max\(…\)/,
  },
  {
    name: "an anti-example that is accepted",
    group: "schema",
    changes: [["scenarios.js", 'antiExamples: [{ input: { text: "" }', 'antiExamples: [{ input: { text: "x" }']],
    where: "acme/pager.page anti-example 1",
    message: /not refused before something is sent, though: A page says something/,
    fix: /Say it in the schema/,
  },
  {
    name: "an anti-example that fails for another reason",
    group: "schema",
    changes: [["scenarios.js", '{ team: "night" }, secrets', '{ team: "" }, secrets']],
    where: "acme/pager.page anti-example 1",
    message: /fails, but not for its input: config-invalid/,
    fix: /scenario's connector/,
  },
  {
    name: "a stale manifest",
    group: "manifest",
    changes: [["index.js", 'effect: "write"', 'effect: "destroy"']],
    manifest: "stale",
    where: "manifest connectorTypes.0.actions.page",
    message: /stale/,
    fix: /stepwire-manifest/,
  },
  {
    name: "a file that changed after the manifest was made",
    group: "manifest",
    changes: [["index.js", 'ctx.log.info("paged"', 'ctx.log.debug("paged"']],
    manifest: "stale",
    where: "manifest digest",
    message: /other files than those that would be published/,
    fix: /stepwire-manifest/,
  },
  {
    name: "a README without an example of the type",
    group: "docs",
    changes: [["README.md", "steps:\n", "phases:\n"]],
    where: "README.md acme/pager",
    message: /No example uses the type/,
    fix: /```yaml block .* type: acme\/pager/,
  },
  {
    name: "an action without a section",
    group: "docs",
    changes: [["README.md", "### `acme/pager.findPages`", "### Finding pages"]],
    where: "README.md acme/pager.findPages",
    message: /no section/,
    fix: /heading with `acme\/pager.findPages`/,
  },
  {
    name: "an example in the README that cannot run",
    group: "docs",
    changes: [["README.md", "      id: ", "      ident: "]],
    where: "README.md page.yaml",
    message: /refused: .*id/,
    fix: /must run as it stands/,
  },
  {
    name: "a vendor that changed its API",
    group: "vendor",
    changes: [["vendor.openapi.json", '"/pages": {', '"/v2-pages": {']],
    where: "acme/pager.page",
    message: /POST \/v1\/pages, which the vendor's document does not have/,
    fix: /--refresh/,
  },
  {
    name: "a body that the vendor does not know",
    group: "vendor",
    changes: [["index.js", "json: { team: ctx.config.team, ...input }", "json: { group: ctx.config.team, ...input }"]],
    where: "acme/pager.page",
    message: /must have required property 'team'|team/,
    fix: /vendor's document/,
  },
  {
    name: "a manifest that is code",
    group: "listing",
    changes: [["package.json", '"manifest": "./stepwire.json"', '"manifest": "./index.js"']],
    manifest: "stale",
    where: "package.json stepwire",
    message: /cannot be listed without being run.*not JSON/,
    fix: /plain JSON, written by stepwire-manifest/,
  },
  {
    name: "a request of its own",
    group: "own-io",
    changes: [
      [
        "index.js",
        'ctx.log.info("paged"',
        'await fetch("https://stats.example/").catch(() => undefined);\n    ctx.log.info("paged"',
      ],
    ],
    where: "acme/pager.page",
    message: /calls fetch/,
    fix: /ctx\.request\(\)/,
  },
  {
    name: "a variable of the environment",
    group: "own-io",
    changes: [["index.js", "team: ctx.config.team", 'team: process.env["PAGER_TEAM"] ?? ctx.config.team']],
    where: "acme/pager.page",
    message: /reads process\.env\.PAGER_TEAM/,
    fix: /from config or secrets/,
  },
  {
    name: "a piece of a secret in an error",
    group: "redaction",
    changes: [
      ["index.js", "const Page = ", "let remembered;\n\nconst Page = "],
      [
        "index.js",
        'auth: [{ kind: "bearer", token: "token" }]',
        `auth: [
    {
      kind: "custom",
      place: (request, { token }) => {
        remembered = token;
        return { ...request, headers: { ...request.headers, Authorization: \`Bearer \${token}\` } };
      },
    },
  ]`,
      ],
      [
        "index.js",
        "      expect: Page,\n    });\n    ctx.log",
        "      expect: Page,\n    }).catch(() => {\n      throw new Error(`refused with ${remembered.slice(0, 9)}…`);\n    });\n    ctx.log",
      ],
    ],
    where: "acme/pager.page",
    message: /Its error holds a piece of secrets\.token/,
    fix: /keep nothing of what custom auth is given/,
  },
  {
    name: "a credential under config",
    group: "redaction",
    changes: [["index.js", 'describe("Who is paged")', 'describe("The password of the team")']],
    where: "acme/pager config.team",
    message: /it is a credential, and config is masked nowhere/,
    fix: /Move it to secrets/,
  },
  {
    name: "a wrong effect",
    group: "effects",
    changes: [["index.js", 'effect: "write"', 'effect: "read"']],
    where: "acme/pager.page",
    message: /sends POST \/v1\/pages, though its effect is read/,
    fix: /effect: "write"/,
  },
  {
    name: "a credential that goes along with a redirect",
    group: "auth",
    changes: [["index.js", 'hosts: ["api.pager.example"]', 'hosts: ["*.example"]']],
    where: "acme/pager connector redirect",
    message: /was redirected to https:\/\/stepwire-kit\.example\/, and the header authorization went along/,
    fix: /"\*\.example".*name the vendor's own domain/,
  },
  {
    name: "a write that is sent again though it may have been done",
    group: "retry",
    changes: [
      [
        "index.js",
        'const answer = await ctx.request({\n      method: "POST",\n      path: "/pages"',
        'const send = async () => ctx.request({\n      method: "POST",\n      path: "/pages"',
      ],
      ["index.js", "    ctx.log.info", "    const answer = await send().catch(send);\n    ctx.log.info"],
    ],
    where: "acme/pager.page reset",
    message: /POST \/v1\/pages was sent 2 times, though it has idempotency none/,
    fix: /Send it once with ctx\.request and let the error through/,
  },
  {
    name: "an abort that nobody heeds",
    group: "abort",
    changes: [
      [
        "index.js",
        "    ctx.log.info",
        "    await new Promise((resolve) => setTimeout(resolve, 400));\n    ctx.log.info",
      ],
    ],
    where: "acme/pager.page",
    message: /was aborted while it waited between its requests, and it ended \d+ ms later; 100 ms are allowed/,
    fix: /Stop when ctx\.signal aborts/,
  },
];

describe("planted faults", () => {
  it.each(FAULTS)("$name", async ({ group, changes, manifest, where, message, fix }) => {
    const { status, problems } = await judged(group, changes, manifest);
    expect(status).toBe("failed");
    const found = problems.find((problem) => problem.where === where);
    expect(found, JSON.stringify(problems)).toBeDefined();
    expect(found?.message).toMatch(message);
    expect(found?.fix).toMatch(fix);
  });
});
