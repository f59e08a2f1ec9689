import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

// Everything is bundled, so that the command installs alone; connectors are never part of it. Built from the sources
// and split, so that a command loads only what it uses: one file is parsed whole even to print the version.
export default {
  entry: ["src/cli.ts"],
  format: ["esm"],
  target: "node22",
  dts: false,
  clean: true,
  // There is no "sqlite" without its prefix.
  removeNodeProtocol: false,
  noExternal: [/./],
  splitting: true,
  minify: true,
  platform: "node",
  esbuildOptions(options: { conditions?: string[] }) {
    options.conditions = ["@stepwire/source"];
  },
  define: { STEPWIRE_VERSION: JSON.stringify(version) },
  sourcemap: false,
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};
