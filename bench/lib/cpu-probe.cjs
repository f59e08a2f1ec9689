// Loaded with --require into the process that is measured, on both sides of a comparison. CommonJS, because a module
// given to --import would start the ESM loader also where the measured program itself does not need it.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.STEPWIRE_BENCH_CPU_FILE, String(user + system));
});
