import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

// Tests run on the sources: no build is needed for them, and none can be stale.
const conditions = ["@stepwire/source", ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // One for each core; vitest would leave one idle, and most tests wait for a socket or a child anyway.
    maxWorkers: "100%",
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/test/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 15_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["{packages,apps,examples}/*/e2e/**/*.test.ts", "e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
