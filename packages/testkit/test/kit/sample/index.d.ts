import type { Plugin } from "@stepwire/core";

declare const plugin: Plugin;
export default plugin;
