import { expect, it } from "vitest";

import { call, start } from "./support.ts";

/** What a server that reads forms makes of the request: Node's own parser, which is not ours. */
async function read(body: string, type: string | undefined) {
  const form = await new Response(body, { headers: { "content-type": type ?? "" } }).formData();
  const entries = [...form].map(async ([name, value]) => [
    name,
    typeof value === "string" ? value : { name: value.name, type: value.type, text: await value.text() },
  ]);
  return Promise.all(entries);
}

it("sends fields and files as a multipart form", async () => {
  const server = await start();
  const { output } = await call(server.url, {
    method: "POST",
    form_data: {
      comment: { content: 'say "hi"\r\nü {{x}}' },
      report: { content: "a;b\n1;2\n", filename: "report.csv", content_type: "text/csv" },
      notes: { content: "plain", filename: "notes.txt" },
      data: { content: '{"a":1}', content_type: "application/json" },
      empty: { content: "" },
    },
  });
  expect(output).toMatchObject({ status: 200 });
  const [request] = server.requests;
  expect(request?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=stepwire-[0-9a-f-]{36}$/);
  expect(Number(request?.headers["content-length"])).toBe(Buffer.byteLength(request?.body ?? ""));
  expect(await read(request?.body ?? "", request?.headers["content-type"])).toEqual([
    ["comment", 'say "hi"\r\nü {{x}}'],
    ["report", { name: "report.csv", type: "text/csv", text: "a;b\n1;2\n" }],
    ["notes", { name: "notes.txt", type: "text/plain; charset=utf-8", text: "plain" }],
    ["data", '{"a":1}'],
    ["empty", ""],
  ]);
});

it.each(['a"b', "a\r\nX-Injected: 1", 'x"; filename="evil.txt', "ü ☃"])(
  "cannot be broken by the name %j",
  async (name) => {
    const server = await start();
    await call(server.url, { method: "POST", form_data: { [name]: { content: "v", filename: name } } });
    const [request] = server.requests;
    const head = request?.body.split("\r\n\r\n")[0]?.split("\r\n") ?? [];
    expect(head).toHaveLength(3);
    expect(head[1]?.match(/"/g)).toHaveLength(4);
    // Browsers write quotes and line breaks in this way, and servers mostly leave them so.
    const [entry] = await read(request?.body ?? "", request?.headers["content-type"]);
    expect(decodeURIComponent(entry?.[0] as string)).toBe(name);
  },
);

it("has its own content type, whatever the step or the connector says", async () => {
  const server = await start();
  await call(
    server.url,
    { method: "POST", headers: { "content-TYPE": "application/json" }, form_data: { a: { content: "1" } } },
    { config: { url: server.url, headers: { "Content-Type": "text/plain" } } },
  );
  expect(server.requests[0]?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
});

it.each([
  [{ form_data: { a: { content: "1" } }, body: { a: 1 } }, "either body or form_data"],
  [{ form_data: { a: { content: "1" } }, body: "" }, "either body or form_data"],
  [{ form_data: { a: "1" } }, "form_data.a"],
  [{ form_data: { a: { content: "1", type: "x" } } }, "type"],
  [{ form_data: { a: { content: "1", content_type: "a\r\nb" } } }, "content type"],
])("is refused before anything is sent when it is %j", async (input, named) => {
  const server = await start();
  const { error } = await call(server.url, { method: "POST", ...input });
  expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
  expect(server.requests).toEqual([]);
});

it.each([
  ['{"a": 1}', "application/json"],
  [" [1, 2]\n", "application/json"],
  ['{"a": 1', "text/plain; charset=utf-8"],
  ["a=b", "text/plain; charset=utf-8"],
  ["5", "text/plain; charset=utf-8"],
])("a text that is JSON is announced as JSON: %j", async (body, type) => {
  const server = await start();
  await call(server.url, { method: "POST", body });
  expect(server.requests[0]).toMatchObject({ body, headers: { "content-type": type } });
});
