// A loopback server in a process of its own, so that its CPU is not counted. Prints its URL; ends with its parent.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  request.resume();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ok: true, method: request.method, path: request.url }));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit());
