import { runOnce, mockVendor } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { presets } from "../src/presets.ts";

/** As the guided creation fills them in. */
function filled(name: keyof typeof presets, values: Record<string, string>) {
  const text = JSON.stringify(presets[name].config);
  return JSON.parse(
    text.replaceAll(/(?<!\{)\{(\w+)\}(?!\})/g, (_, key: string) => values[key] ?? `{${key}}`),
  ) as NonNullable<
    Parameters<typeof runOnce<typeof casesWebhook.connection.def.config, never, false, never>>[1]["config"]
  >;
}
const VALUES = { base: "https://cases.example", project: "ops", issueType: "Task" };
const INPUT = { title: 'Disk "full"', description: "line1\nline2", tags: ["a"], additionalComments: "see \\ this" };

describe.each(Object.keys(presets) as (keyof typeof presets)[])("%s", (name) => {
  it("has no placeholder left once base, project and type are given", () => {
    expect(JSON.stringify(filled(name, VALUES))).not.toMatch(/(?<!\{)\{\w+\}(?!\})/);
  });

  it("makes a connector that nothing is wrong with", async () => {
    const vendor = mockVendor({ "ALL https://cases.example/*": () => ({ status: 503 }) });
    onTestFinished(() => vendor.close());
    const { error } = await runOnce(casesWebhook, {
      config: { ...filled(name, VALUES), hasAuth: false },
      input: INPUT,
    });
    expect(error).toMatchObject({ code: "http-status", status: 503 });
  });
});

it.each([
  [{ severity: "high" }, "line1\nline2\n\nSeverity: high"],
  [{}, "line1\nline2"],
])("redmine's description ends with the severity where there is one: %j", async (more, description) => {
  const vendor = mockVendor({ "ALL https://cases.example/*": () => ({ status: 503 }) });
  onTestFinished(() => vendor.close());
  await runOnce(casesWebhook, {
    config: { ...filled("redmine", VALUES), hasAuth: false },
    input: { ...INPUT, ...more },
  });
  expect(vendor.calls[0]?.body).toEqual({ issue: { project_id: "ops", subject: 'Disk "full"', description } });
});
