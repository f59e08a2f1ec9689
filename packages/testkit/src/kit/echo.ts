import type { Change } from "./call.ts";
import { wellFormed } from "./leaks.ts";
import { isForToken, secretsOf } from "./logins.ts";
import type { ConnectorInput, TypeScenarios, VendorReply, VendorRequest } from "./scenarios.ts";

/** A vendor that throws back what it got, secrets and all. */
export interface Echo {
  /** Goes on from "when the vendor". */
  readonly what: string;
  readonly answer: NonNullable<Change["answer"]>;
}

const STATUSES = [400, 401, 500];

/** In a success, in each way to say no to the first request, and in one way to the others up to so many. Requests for access tokens are answered as ever. */
export function echoes(connector: ConnectorInput, { refusal }: TypeScenarios, requests: number): Echo[] {
  const secrets = secretsOf(connector).map(({ text }) => text);
  const spoken = secrets.flatMap((text) => [
    text,
    Buffer.from(text).toString("base64"),
    encodeURIComponent(wellFormed(text)),
  ]);
  const words = ({ url, headers }: VendorRequest) => [headers["authorization"] ?? "", url.href, ...spoken];
  const success: Echo = {
    what: "repeated the request in its answers",
    answer: (usual) => async (request, response) => {
      const reply = await usual(request, response);
      return isForToken(connector, request) ? reply : withEcho(reply, words(request));
    },
  };
  const refusals = Array.from({ length: requests }, (_, index) =>
    STATUSES.slice(0, index === 0 ? undefined : 1).map((status): Echo => {
      return {
        what: `repeated request ${index + 1} in its answer ${status}`,
        answer: (usual) => {
          let count = 0;
          return (request, response) => {
            if (isForToken(connector, request) || (count += 1) !== index + 1) return usual(request, response);
            const message = words(request).join(" ");
            return { ...(refusal?.(message, status) ?? { json: { message } }), status };
          };
        },
      };
    }),
  );
  return [success, ...refusals.flat()];
}

function withEcho(reply: VendorReply, echo: readonly string[]): VendorReply {
  if (reply === undefined) return undefined;
  const { json, headers } = reply;
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  return {
    ...reply,
    headers: { ...headers, "X-Echo": encodeURI(wellFormed(echo.join(" "))) },
    ...(isObject ? { json: { ...json, echo } } : {}),
  };
}
