import type { Options } from "tsup";

/** What every package is built with: ESM for Node 22.18 and later; types come from `tsc`. */
const config: Options = {
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
  // There is no "sqlite" without its prefix.
  removeNodeProtocol: false,
};

export default config;
