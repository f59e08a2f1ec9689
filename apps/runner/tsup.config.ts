import { readFileSync } from "node:fs";

import { defineConfig, type Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/**
 * An `import` of a built-in module reads all its exports, and among those of http are some that load Node's whole
 * fetch implementation: 65 ms of CPU. Asking for the module itself reads nothing. http2, which no request of ours
 * uses, costs 35 ms more and is loaded only if something touches it.
 */
const lazyBuiltIns: Plugin = {
  name: "lazy-built-ins",
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?https?2?$/ }, ({ path }) => ({
      path: path.replace("node:", ""),
      namespace: "built-in",
    }));
    build.onLoad({ filter: /^https?$/, namespace: "built-in" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("node:${path}");`,
    }));
    build.onLoad({ filter: /^http2$/, namespace: "built-in" }, () => ({
      contents: `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule("node:http2")[key] });`,
    }));
  },
};

/** What of axios looks at fetch and FormData when it is loaded, which would load them; we use neither. */
const axiosWithoutFetch: Plugin = {
  name: "axios-without-fetch",
  setup(build) {
    build.onLoad({ filter: /[\\/]axios[\\/]lib[\\/]adapters[\\/]fetch\.js$/ }, () => ({
      contents: "export const getFetch = () => false;",
    }));
    build.onLoad({ filter: /[\\/]axios[\\/]lib[\\/]utils\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source.replace("typeof G.FormData !== 'undefined' ? G.FormData : undefined", "undefined");
      if (contents === source) throw new Error("axios reads FormData in another way now; see whether this still pays.");
      return { contents };
    });
  },
};

// Everything is bundled, so that the command installs alone; connectors are never part of it. Built from the sources
// and split, so that a command loads only what it uses: one file is parsed whole even to print the version.
export default defineConfig({
  entry: ["src/cli.ts"],
  format: ["esm"],
  target: "node22",
  dts: false,
  clean: true,
  noExternal: [/./],
  splitting: true,
  minify: true,
  platform: "node",
  // On, tsup would take modules named with the prefix before a plugin sees them.
  removeNodeProtocol: false,
  esbuildOptions(options) {
    options.conditions = ["@stepwire/source"];
  },
  esbuildPlugins: [lazyBuiltIns, axiosWithoutFetch],
  define: { STEPWIRE_VERSION: JSON.stringify(version) },
  sourcemap: false,
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
