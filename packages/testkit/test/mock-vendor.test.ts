import { expect, it, onTestFinished, vi } from "vitest";

import { mockVendor, startLoopback, type VendorHandler } from "../src/index.ts";

function play(routes: Record<string, VendorHandler>) {
  const vendor = mockVendor(routes);
  onTestFinished(() => vendor.close());
  return vendor;
}

it("answers by route and records what was sent", async () => {
  const vendor = play({
    "POST https://api.example.com/items": ({ body }) => ({
      status: 201,
      json: { got: body },
      headers: { "X-Id": "7" },
    }),
    "GET https://api.example.com/items/:id": ({ url }) => ({ text: new URL(url).search }),
  });
  const created = await fetch("https://api.example.com/items", {
    method: "POST",
    headers: { "content-type": "application/vnd.api+json", "X-Key": "k" },
    body: '{"a":1}',
  });
  const read = await fetch("https://api.example.com/items/3?full=yes");
  expect([created.status, created.headers.get("x-id"), await created.json()]).toEqual([201, "7", { got: { a: 1 } }]);
  expect(await read.text()).toBe("?full=yes");
  expect(vendor.calls).toMatchObject([
    { method: "POST", url: "https://api.example.com/items", headers: { "x-key": "k" }, body: { a: 1 } },
    { method: "GET", url: "https://api.example.com/items/3?full=yes", body: undefined },
  ]);
});

it("keeps a body that is no JSON, whatever it says it is, as text", async () => {
  const vendor = play({ "ALL https://api.example.com/*": () => ({ bytes: new Uint8Array([1, 2]) }) });
  const send = async (type: string) =>
    fetch("https://api.example.com/", { method: "PUT", headers: { "content-type": type }, body: "{broken" });
  await send("application/json");
  const response = await send("text/plain");
  expect(vendor.calls.map(({ body }) => body)).toEqual(["{broken", "{broken"]);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2]);
});

it("fails requests that have no route", async () => {
  const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => complaint.mockRestore());
  const vendor = play({ "GET https://api.example.com/items": () => ({}) });
  await expect(fetch("https://api.example.com/items", { method: "DELETE" })).rejects.toThrow("fetch failed");
  const elsewhere = await startLoopback();
  onTestFinished(() => elsewhere.close());
  await expect(fetch(elsewhere.url)).rejects.toThrow("fetch failed");
  expect(elsewhere.requests).toEqual([]);
  expect(vendor.calls).toEqual([]);
  expect(complaint).toHaveBeenCalled();
});

it("takes further routes, the newest first", async () => {
  const vendor = play({ "GET https://api.example.com/a": () => ({ text: "old" }) });
  vendor.use({ "GET https://api.example.com/a": () => ({ text: "new" }) });
  expect(await (await fetch("https://api.example.com/a")).text()).toBe("new");
});

it.each(["https://api.example.com/", "POST /items", "FETCH https://x.example/", "GET https://x.example/?a=b"])(
  "refuses %j as a route",
  (route) => {
    expect(() => mockVendor({ [route]: () => ({}) })).toThrow(TypeError);
  },
);

it("plays one vendor at a time, and may be closed twice", async () => {
  const vendor = play({ "GET https://api.example.com/a": () => ({ text: "first" }) });
  expect(() => mockVendor({})).toThrow("already");
  vendor.close();
  vendor.close();
  play({ "GET https://api.example.com/a": () => ({ text: "second" }) });
  expect(await (await fetch("https://api.example.com/a")).text()).toBe("second");
});
