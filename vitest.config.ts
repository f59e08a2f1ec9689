import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const conditions = ["@stepwire/source", ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
