import { expect, it } from "vitest";

import { readHttpbin } from "../src/httpbin.ts";

/** Answered by httpbin 0.7.0 behind nginx on port 3931 of the Debian rig. */
const ANSWER = `{"args":{"a":"1","b":["2","3"]},"data":"{\\"n\\":1}","files":{},"form":{},"headers":{"Accept":"*/*",
  "Connection":"close","Content-Length":"7","Content-Type":"application/json","Host":"localhost:3931",
  "User-Agent":"curl/7.88.1","X-Client-Dn":"CN=connector","X-Client-Verify":"SUCCESS","X-Tls":"TLSv1.2"},
  "json":{"n":1},"method":"POST","origin":"127.0.0.1","url":"http://localhost:3931/anything/x?a=1&b=2&b=3"}`;

it("reads httpbin's answer, and keeps what nginx added apart", () => {
  expect(readHttpbin(JSON.parse(ANSWER))).toEqual({
    method: "POST",
    headers: {
      accept: "*/*",
      connection: "close",
      "content-length": "7",
      "content-type": "application/json",
      host: "localhost:3931",
      "user-agent": "curl/7.88.1",
    },
    query: { a: "1", b: ["2", "3"] },
    body: '{"n":1}',
    clientCertificate: "connector",
  });
});

it("sees no certificate that nginx did not verify", () => {
  const data = JSON.parse(ANSWER.replace("SUCCESS", "NONE"));
  expect(readHttpbin(data)).not.toHaveProperty("clientCertificate");
});
