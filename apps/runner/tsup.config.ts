import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

// One file with everything in it starts fastest and installs alone; connectors are never part of it.
export default {
  entry: ["src/cli.ts"],
  format: ["esm"],
  target: "node22",
  dts: false,
  clean: true,
  noExternal: [/./],
  splitting: false,
  minify: true,
  platform: "node",
  define: { STEPWIRE_VERSION: JSON.stringify(version) },
  sourcemap: false,
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};
