import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { promisify } from "node:util";

import { jira } from "@stepwire/connector-jira";
import { createConnector } from "@stepwire/host";
import { describe, expect, it, onTestFinished } from "vitest";

import { createApp } from "../server.ts";

interface Received {
  method: string | undefined;
  path: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

/** Stands in for a vendor: records what comes and answers every request in the same way. */
async function vendor(status: number, body: string, type = "application/json") {
  const requests: Received[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const text = (await request.toArray()).join("");
    const { method, url: path } = request;
    requests.push({ method, path, authorization: request.headers.authorization, body: JSON.parse(text) });
    response.writeHead(status, { "content-type": type }).end(body);
  };
  return { requests, url: await listen(server) };
}

/** Listens on a free port until the test ends. */
async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe("notify.ts", () => {
  const WEBHOOK_PATH = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";
  /** On the sources, so that nothing has to be built and nothing can be stale. */
  const notify = async (url: string, ...words: string[]) =>
    promisify(execFile)(process.execPath, ["--conditions=@stepwire/source", "notify.ts", ...words], {
      cwd: new URL("..", import.meta.url),
      env: { PATH: process.env["PATH"], SLACK_WEBHOOK_URL: `${url}${WEBHOOK_PATH}` },
    });

  it("posts its argument and ends by itself", async () => {
    const slack = await vendor(200, "ok", "text/plain");
    await notify(slack.url, "The backup is done");
    expect(slack.requests).toEqual([
      { method: "POST", path: WEBHOOK_PATH, authorization: undefined, body: { text: "The backup is done" } },
    ]);
  });

  it("greets without an argument", async () => {
    const slack = await vendor(200, "ok", "text/plain");
    await notify(slack.url);
    expect(slack.requests.map(({ body }) => body)).toEqual([{ text: "Hello from Stepwire" }]);
  });

  it("fails with Slack's reason, and without the webhook's path", async () => {
    const slack = await vendor(404, "no_service", "text/plain");
    const failure = (await notify(slack.url, "hi").catch((error: unknown) => error)) as {
      code: number;
      stderr: string;
    };
    expect(failure.code).toBe(1);
    expect(failure.stderr).toContain("[404] Not Found: no_service.");
    expect(failure.stderr).not.toContain("XXXXXXXX");
  });
});

describe("server.ts", () => {
  const secrets = { email: "bot@example.com", apiToken: "token-of-the-bot" };

  /** The service in front of a Jira. */
  async function serviceFor(jiraUrl: string) {
    const connector = createConnector(jira, { config: { apiUrl: jiraUrl, projectKey: "ENG" }, secrets });
    onTestFinished(() => connector.close());
    const service = await listen(createServer(createApp(connector.actions)));
    return async (ticket: string) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${service}/tickets`, { method: "POST", headers, body: ticket });
      return { status: response.status, text: await response.text() };
    };
  }

  it("creates an issue and answers with its key and link", async () => {
    const { url, requests } = await vendor(201, '{"id":"10000","key":"ENG-24","self":"x"}');
    const post = await serviceFor(url);
    const { status, text } = await post('{"summary":"Review the alert","description":"now"}');
    expect([status, JSON.parse(text)]).toEqual([201, { key: "ENG-24", url: `${url}/browse/ENG-24` }]);
    expect(requests).toEqual([
      {
        method: "POST",
        path: "/rest/api/2/issue",
        authorization: `Basic ${Buffer.from("bot@example.com:token-of-the-bot").toString("base64")}`,
        body: {
          fields: {
            project: { key: "ENG" },
            issuetype: { name: "Task" },
            summary: "Review the alert",
            description: "now",
          },
        },
      },
    ]);
  });

  it.each(["{}", '{"summary":""}', '{"summary":5}'])("answers 400 to %s, saying what is wrong", async (ticket) => {
    const { url, requests } = await vendor(201, "{}");
    const { status, text } = await (await serviceFor(url))(ticket);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: "params-invalid", message: expect.stringContaining("summary") });
    expect(requests).toEqual([]);
  });

  it("answers 502 with Jira's own words, and with no secret", async () => {
    const { url } = await vendor(400, '{"errorMessages":[],"errors":{"project":"no token-of-the-bot here"}}');
    const { status, text } = await (await serviceFor(url))('{"summary":"S"}');
    expect(status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({
      code: "http-status",
      status: 400,
      message: expect.stringContaining("[400] Bad Request: project: no [masked] here"),
    });
    expect(text).not.toContain("token-of-the-bot");
  });

  it("answers 502 when there is no Jira", async () => {
    const { status, text } = await (await serviceFor("http://127.0.0.1:1"))('{"summary":"S"}');
    expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([502, "connection"]);
  });
});
