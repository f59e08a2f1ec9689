/** What an action has sent ends with it. */
import { StepwireError } from "@stepwire/core";
import { expect, it } from "vitest";

import { open, serve, type Work } from "./http-support.ts";

/** A system where `/slow` never answers and `/no` refuses. */
async function system() {
  let arrive = (): void => undefined;
  const slowArrived = new Promise<void>((resolve) => (arrive = resolve));
  const server = await serve((request, response) => {
    if (request.url === "/slow") return arrive();
    response.writeHead(request.url === "/no" ? 422 : 200, { "content-type": "application/json" }).end("{}");
  });
  const connect = (work: Work) => open(work, { url: server.url });
  return { server, slowArrived, connect };
}

it("breaks off what is under way when something beside it fails", async () => {
  const { server, slowArrived, connect } = await system();
  let ended: unknown;
  const connector = connect(async (ctx) => {
    const slow = ctx.request({ method: "POST", path: "/slow" }).catch((error: unknown) => (ended = error));
    await slowArrived;
    return Promise.all([slow, ctx.request({ method: "POST", path: "/no" })]);
  });
  await expect(connector.run("run", {})).rejects.toMatchObject({ code: "http-status", status: 422 });
  await connector.close();
  await server.idle();
  expect(StepwireError.from(ended)).toMatchObject({ code: "cancelled" });
  expect(server.requests).toEqual(["POST /slow", "POST /no"]);
});

it("breaks off what an action did not wait for, and no error of it goes unheard", async () => {
  const { server, slowArrived, connect } = await system();
  const connector = connect(async (ctx) => {
    void ctx.request({ method: "POST", path: "/slow" });
    await slowArrived;
    return "done";
  });
  expect(await connector.run("run", {})).toBe("done");
  await connector.close();
  await server.idle();
});

it("sends nothing once the action is over", async () => {
  const { server, connect } = await system();
  let late: Promise<unknown> = Promise.resolve();
  let goOn = (): void => undefined;
  const connector = connect(async (ctx) => {
    const over = new Promise<void>((resolve) => (goOn = resolve));
    late = over.then(() => ctx.request({ method: "POST", path: "/late" }));
    return "done";
  });
  expect(await connector.run("run", {})).toBe("done");
  goOn();
  await expect(late).rejects.toMatchObject({ code: "internal", message: expect.stringContaining("is over") as string });
  expect(server.requests).toEqual([]);
});
