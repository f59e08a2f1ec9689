/** Rows of docs/parity/workflow.md that no other test is about. */
import { describe, expect, test } from "vitest";
import { findingsOf, inputOf, planOf, run, told } from "./kit.ts";

const STEPS = "steps: [{ name: a, type: any, with: { v: '${{ consts }}', w: '{{ consts.t }}' } }]\n";

describe("the file", () => {
  test("has consts that are values and no templates", async () => {
    const { host } = await run(
      `consts: { t: "{{ event.x }} \${{ event.x }}", n: 1, l: [true], m: { k: null } }\n${STEPS}`,
      undefined,
      { event: { x: "no" } },
    );
    const t = "{{ event.x }} ${{ event.x }}";
    expect(host.calls[0]?.input).toEqual({ v: { t, n: 1, l: [true], m: { k: null } }, w: t });
  });

  test("refuses a key that it does not know, and names the nearest", async () => {
    const [finding] = await findingsOf(
      `setings: { timeout: 5m }\nconsts: {}\n${STEPS.replace(", w: '{{ consts.t }}'", "")}`,
    );
    expect(finding).toMatchObject({
      rule: "schemaViolation",
      severity: "error",
      line: 1,
      hint: 'Did you mean "settings"?',
    });
  });

  test("has durations of numbers and units, the larger unit first", async () => {
    const timed = (timeout: string): string => `steps: [{ name: a, type: any, timeout: ${timeout} }]\n`;
    const timeouts = await Promise.all(
      ["500ms", "30s", "5m", "2h", "1d", "1w", "1h30m", "1d2h3m4s5ms"].map(
        async (text) => (await planOf(timed(text))).steps[0]?.timeout,
      ),
    );
    expect(timeouts).toEqual([500, 30_000, 300_000, 7_200_000, 86_400_000, 604_800_000, 5_400_000, 93_784_005]);
    for (const wrong of ["30m1h", "1h1h", "5", "5 m", "1.5h", "-1s", "5y"])
      expect(await told(timed(wrong))).toHaveLength(1);
  });

  test("has sizes in bytes and multiples of 1,024, in any letter case", async () => {
    const bytes = await Promise.all(
      ["100b", "1kb", "1.5 KB", "10mb", "1gb"].map(
        async (size) =>
          (await planOf(`steps: [{ name: a, type: any, max-step-size: ${size} }]\n`)).steps[0]?.maxOutputBytes,
      ),
    );
    expect(bytes).toEqual([100, 1024, 1536, 10_485_760, 1_073_741_824]);
    expect((await planOf("steps: [{ name: a, type: any }]\n")).steps[0]?.maxOutputBytes).toBe(10_485_760);
  });

  test("has steps that are read by their name, whatever their id", async () => {
    const { host } = await run(
      "steps: [{ name: a, id: x, type: any }, { name: b, type: any, with: { v: '{{ steps.a.output }}' } }]\n",
      () => "made",
    );
    expect(host.calls[1]?.input).toEqual({ v: "made" });
    expect(
      await told(
        "steps: [{ name: a, id: x, type: any }, { name: b, type: any, with: { v: '{{ steps.x.output }}' } }]\n",
      ),
    ).toEqual(['1:77 There is no step "x".']);
  });

  test("declares outputs whose defaults count for nothing", async () => {
    const text =
      "outputs: [{ name: n, type: number, default: 5, required: false }, { name: s, type: string }]\nsteps: [{ name: end, type: workflow.output, with: { s: done } }]\n";
    expect((await run(text)).result).toEqual({ status: "completed", outputs: { s: "done" } });
  });
});

describe("templates", () => {
  // As LiquidJS 10 lists them.
  const STANDARD =
    "abs append array_to_sentence_string at_least at_most base64_decode base64_encode capitalize ceil cgi_escape compact concat date date_to_long_string date_to_rfc822 date_to_string date_to_xmlschema default divided_by downcase escape escape_once find find_exp find_index find_index_exp first floor group_by group_by_exp has has_exp hmac_sha256 inspect join json jsonify last lstrip map minus modulo newline_to_br normalize_whitespace number_of_words plus pop prepend push raw reject reject_exp remove remove_first remove_last replace replace_first replace_last reverse round rstrip sample sha256 shift size slice slugify sort sort_natural split squish strip strip_html strip_newlines sum times to_integer truncate truncatewords uniq unshift upcase uri_escape url_decode url_encode where where_exp xml_escape";
  test("have every filter of Liquid, and json_parse, entries and pick", async () => {
    const filters = [...STANDARD.split(" "), "json_parse", "entries", "pick"];
    const unknown = (
      await told(
        `steps: [{ name: a, type: any, with: { v: [${filters.map((name) => `"{{ event.x | ${name} }}"`).join(", ")}] } }]\n`,
      )
    ).filter((line) => line.includes("no filter"));
    expect(unknown).toEqual([]);
  });

  test.each(["include 'x'", "render 'x'", "layout 'x'", "block x", "tablerow x in event.l"])(
    "have no tag that reads files or makes pages: %s",
    async (tag) => {
      const [name = ""] = tag.split(" ");
      expect(await told(`steps: [{ name: a, type: any, with: { v: "{% ${tag} %}{% end${name} %}" } }]\n`)).toEqual([
        `1:43 This template cannot be used: There is no tag "${name}" in workflows.`,
      ]);
    },
  );

  test.each([
    ["{% case event.n %}{% when 1 %}one{% when 2, 3 %}more{% else %}none{% endcase %}", "more"],
    ["{% comment %}{{ event.n }}{% endcomment %}{% # this one, too %}x", "x"],
    ["{% increment i %}{% increment i %}{% decrement d %}", "01-1"],
    ["{% for i in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}", "aba"],
    [
      "{% for i in (1..5) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
      "13",
    ],
    ["{% raw %}{{ event.n }}{% endraw %}", "{{ event.n }}"],
    ["{% echo event.n | plus: 1 %}", "3"],
    ["{% liquid assign x = event.n\n echo x %}", "2"],
  ])("have Liquid's other tags: %s", async (template, expected) => {
    expect(await inputOf(JSON.stringify(template), { event: { n: 2 } })).toBe(expected);
  });

  test("are rendered wherever Kibana renders them", async () => {
    const { host, result } = await run(
      `steps:
  - name: a
    type: http
    connector-id: "{{ event.connector }}"
    if: "\${{ event.yes }}"
    foreach: "{{ event.list }}"
    timeout: "{{ event.time }}"
    with: { path: "{{ foreach.item }}" }
  - { name: pause, type: wait, with: { duration: "{{ event.time }}" } }
  - name: choose
    type: switch
    expression: "{{ event.kind }}"
    cases: [{ match: "{{ event.kind }}", steps: [{ name: b, type: any }] }]
  - { name: c, type: if, condition: "{{ event.kql }}", steps: [{ name: d, type: any }] }
  - { name: e, type: data.parseJson, source: "{{ event.json }}" }
`,
      () => ({}),
      {
        event: {
          connector: "alerts",
          yes: true,
          list: ["x"],
          time: "30s",
          kind: "k",
          kql: "event.kind: k",
          json: "[1]",
        },
      },
    );
    expect(result.status).toBe("completed");
    expect(host.calls.map(({ path, connectorId }) => [path, connectorId])).toEqual([
      ["a[0]", "alerts"],
      ["choose.b", undefined],
      ["c.d", undefined],
    ]);
    expect(host.slept.map(([, ms]) => ms)).toEqual([30_000]);
  });

  test("do not render keys, numbers, booleans and null", async () => {
    expect(
      await inputOf('{ "{{ event.k }}": 1, a: true, b: null, c: "{{ event.k }}" }', { event: { k: "x" } }),
    ).toEqual({
      "{{ event.k }}": 1,
      a: true,
      b: null,
      c: "x",
    });
  });

  test.each([
    ["steps.first.status", "1:80", '"steps.first.status" is nothing; a step has input, output, error.'],
    ["context.kibanaUrl", "1:80", 'Nothing is called "context" in a workflow; it is read as nothing.'],
    ["metadata.user", "1:80", 'Nothing is called "metadata" in a workflow; it is read as nothing.'],
  ])("read %s, which only pages about the language have, as nothing", async (path, place, message) => {
    expect(
      await told(`steps: [{ name: first, type: any }, { name: second, type: any, with: { v: "[{{ ${path} }}]" } }]\n`),
    ).toEqual([`${place} (warning) ${message}`]);
  });

  test("read execution.compositionDepth as nothing; a called workflow has parent.depth", async () => {
    expect(await inputOf('"[{{ execution.compositionDepth }}{{ execution.parentWorkflowId }}]"')).toBe("[]");
    const parent = { workflowId: "caller", executionId: "run-0", depth: 2 };
    expect(await inputOf('"{{ parent.workflowId }} {{ parent.executionId }} {{ parent.depth }}"', { parent })).toBe(
      "caller run-0 2",
    );
  });

  test("print {{ now }} as JavaScript does, and a list without anything between its elements", async () => {
    expect(await inputOf('"{{ now }}"')).toBe(new Date(Date.UTC(2026, 0, 15, 12)).toString());
    expect(await inputOf('"{{ event.l }}"', { event: { l: ["a", "b"] } })).toBe("ab");
  });
});

describe("conditions", () => {
  test.each(["event.x", "event.none"])("never hold for %s: null, which stands for nothing", async (field) => {
    const { host } = await run(
      `steps:\n  - { name: a, type: any, if: "${field}: null" }\n  - { name: b, type: any, if: "not ${field}: *" }\n`,
      undefined,
      { event: { none: null } },
    );
    expect(host.calls.map(({ name }) => name)).toEqual(["b"]);
  });

  test.each([
    ["{{ event.text }}", { text: "true" }, true],
    ["{{ event.text }}", { text: "false" }, false],
    ["{{ event.text }}", { text: "event.n > 4" }, true],
    ["{{ event.nothing }}", {}, false],
    ["${{ event.nothing }}", {}, false],
    ["event.n > {{ event.limit }}", { limit: 4 }, true],
  ])("are rendered before they are read: %s with %j is %s", async (condition, event, expected) => {
    const { host } = await run(`steps: [{ name: a, type: any, if: ${JSON.stringify(condition)} }]\n`, undefined, {
      event: { n: 5, ...event },
    });
    expect(host.calls.length === 1).toBe(expected);
  });
});

test("settings of concurrency are checked", async () => {
  const settings = (concurrency: string): string =>
    `settings: { concurrency: ${concurrency} }\nsteps: [{ name: a, type: any }]\n`;
  expect(
    await told(settings('{ key: "{{ event.rule.id }}", strategy: queue, max: 2, queue-size: 5, queue-ttl: 1h }')),
  ).toEqual([]);
  expect(
    await told(settings('{ key: "{{ event.x", strategy: wait, max: 0, queue-size: none, queue-ttl: 5 }')),
  ).toHaveLength(5);
  expect(await told(settings("{ key: x }"))).toEqual([expect.stringContaining('(warning) Without a "strategy"')]);
});
