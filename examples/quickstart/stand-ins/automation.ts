import { hasBasicAuth, isJsonRequest, json, parseObject, text, type JsonObject } from "./http.ts";
import { startServer, type Call, type Reply, type StandIn } from "./server.ts";

const USER = "responder";
const PASSWORD = "response-demo-password";
const ISOLATE = "/v1/response-actions/isolate";
const HOOK = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";

export interface AutomationStandIn extends StandIn {
  readonly user: string;
  readonly password: string;
  /** Ids of the endpoints cut off from the network, in that order. */
  readonly isolated: string[];
  /** What the open webhook was given, oldest first. */
  readonly hooks: JsonObject[];
}

/** An in-house HTTP API: response actions behind a password, and one webhook whose address is the only secret. */
export async function startAutomation(port = 0): Promise<AutomationStandIn> {
  const isolated: string[] = [];
  const hooks: JsonObject[] = [];
  const server = await startServer(port, (call) => answer(call, isolated, hooks));
  return { ...server, user: USER, password: PASSWORD, isolated, hooks };
}

function answer(call: Call, isolated: string[], hooks: JsonObject[]): Reply {
  const path = call.url.pathname;
  if (path !== ISOLATE && path !== HOOK) return refusal(404, "not_found", `There is nothing at ${path}.`);
  if (path === ISOLATE && !hasBasicAuth(call, USER, PASSWORD)) {
    return {
      ...refusal(401, "unauthorized", "Give a user and a password."),
      headers: { "content-type": "application/json", "www-authenticate": 'Basic realm="response actions"' },
    };
  }
  if (call.method !== "POST") return { ...text(405, "Method Not Allowed"), headers: { allow: "POST" } };
  if (!isJsonRequest(call)) return refusal(415, "unsupported_media_type", "The content type must be application/json.");
  const body = parseObject(call.body);
  if (body === undefined) return refusal(400, "malformed_json", "The body must be a JSON object.");
  if (path === ISOLATE) return isolate(body, isolated);
  hooks.push(body);
  return json(200, { accepted: true, deliveries: hooks.length });
}

/** The first call for an endpoint starts the work; asking again finds it done. */
function isolate(body: JsonObject, isolated: string[]): Reply {
  const endpoint = body["endpoint_id"];
  if (typeof endpoint !== "string" || endpoint === "") {
    return refusal(422, "missing_field", "endpoint_id is required.");
  }
  const known = isolated.indexOf(endpoint);
  if (known !== -1) return json(200, { action_id: actionId(known), endpoint_id: endpoint, status: "isolated" });
  isolated.push(endpoint);
  return json(202, { action_id: actionId(isolated.length - 1), endpoint_id: endpoint, status: "pending" });
}

function actionId(index: number): string {
  return `isolate-${index + 1}`;
}

function refusal(status: number, code: string, message: string): Reply {
  return json(status, { error: { code, message } });
}
