import { defineConfig } from "tsup";

/** What every package is built with: ESM for Node 22.18 and later; types come from `tsc`. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm"],
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
});
