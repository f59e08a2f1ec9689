import type { ServerResponse } from "node:http";

import { afterEach, expect, it } from "vitest";

import { Worker } from "./conformance/crew.ts";
import { makeProject, sendJson, startServer } from "./project.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const ENGINE = new URL("conformance/embedded.ts", import.meta.url).href;

const connectors = (url: string): object => ({
  connectors: [
    {
      name: "tracker",
      type: "cases-webhook",
      config: {
        hasAuth: false,
        createIncidentUrl: `${url}/issues`,
        createIncidentMethod: "post",
        createIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}',
        createIncidentResponseKey: "id",
        getIncidentUrl: `${url}/issues/{{{external.system.id}}}`,
        getIncidentResponseExternalTitleKey: "title",
        viewIncidentUrl: `${url}/view/{{{external.system.id}}}`,
        updateIncidentUrl: `${url}/issues/{{{external.system.id}}}`,
        updateIncidentMethod: "put",
        updateIncidentJson: '{"title": {{{case.title}}}, "text": {{{case.description}}}}',
        createCommentUrl: `${url}/issues/{{{external.system.id}}}/comments`,
        createCommentMethod: "post",
        createCommentJson: '{"text": {{{case.comment}}}}',
      },
    },
  ],
});

const WORKFLOW = `steps:
  - name: push
    type: cases-webhook.pushToService
    connector-id: tracker
    with:
      incident: { title: no disk, description: d }
      comments:
        - { commentId: "1", comment: first }
        - { commentId: "2", comment: second }
        - { commentId: "3", comment: third }
`;

/** A worker that was killed while a request was held that the server got, and one that resumed its run. */
async function killAt(isMoment: (request: { method: string; path: string; body: string }) => boolean) {
  let held: ServerResponse | undefined;
  let reached = (): void => undefined;
  const moment = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const server = await startServer((request, response) => {
    if (held === undefined && isMoment(request)) {
      held = response;
      return reached();
    }
    sendJson(response, 200, { id: 7, title: "no disk" });
  });
  const project = makeProject(["connector-cases-webhook"], {
    "connectors.yaml": JSON.stringify(connectors(server.url)),
    "w.yaml": WORKFLOW,
  });
  cleanups.push(project.remove, server.close);
  const start = async (): Promise<Worker> => {
    const worker = await Worker.start(project.folder, ENGINE);
    cleanups.push(() => worker.kill());
    return worker;
  };
  const first = await start();
  const runId = await first.submit("w.yaml");
  await moment;
  await first.kill();
  const second = await start();
  await second.resume(runId);
  const writes = (): string[] =>
    server.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, path, body }) => `${method} ${path} ${body}`);
  return { worker: second, runId, result: await second.result(runId), writes };
}

const CREATE = 'POST /issues {"title":"no disk","text":"d"}';
const comment = (text: string): string => `POST /issues/7/comments {"text":"${text}"}`;

it("a push whose process is killed after the create, before the first comment, ends with one case and each comment once", async () => {
  const { result, writes } = await killAt(({ method }) => method === "GET");
  expect(result).toMatchObject({
    status: "completed",
    steps: [{ name: "push", output: { id: "7", title: "no disk" } }],
  });
  expect(writes()).toEqual([CREATE, comment("first"), comment("second"), comment("third")]);
});

it("a push whose process is killed while a comment is under way does not risk it, and keeps the rest", async () => {
  const { worker, runId, result, writes } = await killAt(({ body }) => body.includes("second"));
  expect(result).toMatchObject({ status: "failed", error: { code: "interrupted" } });
  expect(writes()).toEqual([CREATE, comment("first"), comment("second")]);
  // A retry is the user's word: the comment is sent again, and what is known to be done is not.
  await worker.retry(runId);
  expect(await worker.result(runId)).toMatchObject({ status: "completed" });
  expect(writes().slice(3)).toEqual([comment("second"), comment("third")]);
});

it("a push whose process is killed while its case is created does not create another", async () => {
  const { result, writes } = await killAt(({ path }) => path === "/issues");
  expect(result.error?.code).toBe("interrupted");
  expect(writes()).toEqual([CREATE]);
});
