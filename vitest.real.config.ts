import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const conditions = ["@stepwire/source", ...defaultServerConditions];

/** `npm run test:real`: against programs that few machines have, on fixed ports. No part of `npm run check`. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: "real",
    include: ["{packages,apps}/*/real/**/*.test.ts"],
    // The ports are fixed, so two files cannot have them at once.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: "reports/vitest-real.json" }]],
  },
});
