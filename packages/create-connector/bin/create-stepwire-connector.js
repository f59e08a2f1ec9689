#!/usr/bin/env node
// Old enough for any Node to read: it must be able to say that the Node is too old.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`create-stepwire-connector needs Node 22.18 or later; this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const { main } = await import("../dist/main.js");
  process.exitCode = await main(process.argv.slice(2));
}
