import { styleText } from "node:util";

import type { ReceivedRequest } from "../stand-ins/index.ts";

/** Prints the requests a system was sent. styleText leaves colour out for pipes and NO_COLOR. */
export function printReceived(title: string, url: string, requests: readonly ReceivedRequest[]): void {
  console.log(`\n${styleText("bold", title)} ${styleText("dim", url)}`);
  if (requests.length === 0) console.log(styleText("dim", "  nothing"));
  for (const request of requests) {
    const { method, path, status, body, headers } = request;
    const statusColor = status < 300 ? "green" : "red";
    console.log(`  ${styleText("cyan", `${method} ${path}`)} → ${styleText(statusColor, String(status))}`);
    if (headers.authorization !== undefined) console.log(header("authorization", mask(headers.authorization)));
    if (headers["content-type"] !== undefined) console.log(header("content-type", headers["content-type"]));
    if (body !== "") console.log(pretty(body).replace(/^/gm, "    "));
  }
}

function header(name: string, value: string): string {
  return styleText("dim", `    ${name}: ${value}`);
}

/** Keeps the scheme, which is worth knowing, and nothing of the credentials. */
function mask(authorization: string): string {
  return `${authorization.split(" ", 1)[0]} ********`;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
