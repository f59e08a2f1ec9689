import { defineConfig } from "tsup";

import base from "./tsup.config.ts";

/**
 * Connectors carry the parts of zod they use: loading all of zod, with its messages in every language, would cost more
 * than the rest of a one-step run. Their types still name zod, so it stays among their dependencies.
 */
export default defineConfig({ ...base, noExternal: ["zod"], sourcemap: false });
