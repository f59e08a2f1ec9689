import type { Project } from "@stepwire/host";

import { createEmbeddedEngine } from "../../src/embedded/embedded-engine.ts";
import type { Engine } from "../../src/engine.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The embedded engine, as the worker of the suite opens it. */
export const open = (project: Project): Engine =>
  createEmbeddedEngine({ ...project.settings.runtime, project, log: silent });
