import type { Socket } from "node:net";

import { reset, type Listener } from "./listener.ts";
import { forEver } from "./for-ever.ts";

/** How a proxy fails at CONNECT. Each is what a client should see as a failure of the proxy, never as an answer. */
export const PROXY_FAULTS = [
  /** Never answers. */
  "connect-hang",
  /** Closes without an answer. */
  "connect-hangup",
  "connect-reset",
  /** Bytes that are no HTTP. */
  "connect-garbage",
  /** Half a status line, then nothing. */
  "connect-partial",
  /** One byte of a header every 20 ms, without end. */
  "connect-drip",
  /** Header after header as fast as they are taken. */
  "connect-endless-headers",
  /** 200, and bytes of its own before TLS can have begun. */
  "connect-early-data",
  /** 200 with a page in it, as the log-in page of a hotel network does. */
  "plain-200-answer",
  /** 200, and then the connection ends before TLS is up. */
  "tunnel-hangup",
  "tunnel-reset",
  /** 200, and then nothing in either direction. */
  "tunnel-hang",
] as const;

export type ProxyFault =
  | (typeof PROXY_FAULTS)[number]
  /** This status instead of a tunnel. */
  | { readonly connectStatus: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** A proper tunnel, but so many milliseconds later. */
  | { readonly connectDelay: number };

type Answer = (status: number, headers?: Readonly<Record<string, string>>, body?: string) => void;

const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

/** Plays the fault on a client that sent CONNECT. */
export function misbehave(
  fault: Exclude<ProxyFault, { connectDelay: number }>,
  client: Socket,
  listener: Pick<Listener, "sockets">,
  answer: Answer,
): void {
  // Whoever does not read does not notice that the client went away, and Node leaves the other half of it open here.
  client.resume();
  client.once("end", () => client.destroy());
  if (typeof fault === "object") return answer(fault.connectStatus, fault.headers, fault.body);
  switch (fault) {
    case "connect-hang":
      return;
    case "connect-hangup":
      client.end();
      return;
    case "connect-reset":
      return reset(client, listener);
    case "connect-garbage":
      client.end("\u0000\u0001\u0002 this is no HTTP \r\n\r\n");
      return;
    case "connect-partial":
      client.write("HTTP/1.1 20");
      return;
    case "connect-drip":
      client.write("HTTP/1.1 200 Connection established\r\nx-drip: ");
      return forEver(client, () => "x", 20);
    case "connect-endless-headers":
      client.write("HTTP/1.1 200 Connection established\r\n");
      return forEver(client, (count) => `x-endless-${count}: ${"x".repeat(1000)}\r\n`);
    case "connect-early-data":
      client.write(`${ESTABLISHED}junk before TLS`);
      return;
    case "plain-200-answer":
      return answer(200, { "content-type": "text/html" }, "<html>please log in</html>");
    case "tunnel-hangup":
      client.end(ESTABLISHED);
      return;
    case "tunnel-reset":
      client.write(ESTABLISHED, () => client.once("data", () => reset(client, listener)));
      return;
    case "tunnel-hang":
      client.write(ESTABLISHED);
      return;
  }
}
