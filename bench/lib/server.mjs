// A loopback server in a process of its own, so that its CPU is not counted. Prints its URL; ends with its parent.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  request.resume();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ok: true, method: request.method, path: request.url }));
});
// Longer than a side waits for its turn: a socket that closes just as it is used again would be an error of the bench.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit());
