import { readFileSync } from "node:fs";

import { build } from "../../tsup.config.base.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

// One file with everything in it starts fastest and installs alone; connectors are never part of it.
export default build({
  entry: ["src/cli.ts"],
  noExternal: [/./],
  splitting: false,
  minify: true,
  platform: "node",
  define: { STEPWIRE_VERSION: JSON.stringify(version) },
  sourcemap: false,
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
