#!/usr/bin/env node
// Old enough for any Node to read: it must be able to say that the Node is too old.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`stepwire needs Node 22.18 or later; this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  // Node 22 warns of its SQLite at every start. It is used on purpose, and users can do nothing about it.
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) emitWarning(warning, ...rest);
  };
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  const { main, runProcess } = await import("../dist/cli.js");
  await runProcess(() => main(process.argv.slice(2)));
}
