import { isObject, text } from "./http.ts";
import { startServer, type Call, type Reply, type StandIn } from "./server.ts";

/** The parts of the one incoming webhook there is: workspace, webhook, secret. */
const TEAM = "T00000000";
const SERVICE = "B00000000";
const TOKEN = "XXXXXXXXXXXXXXXXXXXXXXXX";

interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly unknown[];
}

export interface SlackStandIn extends StandIn {
  /** The secret address that messages are posted to. */
  readonly webhookUrl: string;
  /** The messages in the channel, oldest first. */
  readonly messages: SlackMessage[];
}

/** An incoming webhook of Slack: plain-text answers, `ok` or the name of what is wrong. */
export async function startSlack(port = 0): Promise<SlackStandIn> {
  const messages: SlackMessage[] = [];
  const server = await startServer(port, (call) => post(call, messages));
  return { ...server, webhookUrl: `${server.url}/services/${TEAM}/${SERVICE}/${TOKEN}`, messages };
}

function post(call: Call, messages: SlackMessage[]): Reply {
  const [, services, team, service, token, ...rest] = call.url.pathname.split("/");
  if (services !== "services" || rest.length > 0) return text(404, "no_service");
  if (team !== TEAM) return text(404, "no_team");
  if (service !== SERVICE) return text(404, "no_service");
  if (token !== TOKEN) return text(403, "invalid_token");
  if (call.method !== "POST") return { ...text(405, "method_not_allowed"), headers: { allow: "POST" } };

  const payload = parsePayload(call.body);
  if (!isObject(payload)) return text(400, "invalid_payload");
  const { text: message, blocks } = payload;
  if (message !== undefined && typeof message !== "string") return text(400, "invalid_payload");
  if (blocks !== undefined && !Array.isArray(blocks)) return text(400, "invalid_blocks");
  if ((message ?? "") === "" && (blocks ?? []).length === 0) return text(400, "no_text");
  messages.push({ ...(message === undefined ? {} : { text: message }), ...(blocks === undefined ? {} : { blocks }) });
  return text(200, "ok");
}

/** Slack does not look at the content type; it also takes the older form field `payload`. */
function parsePayload(body: string): unknown {
  const source = body.startsWith("payload=") ? (new URLSearchParams(body).get("payload") ?? "") : body;
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
