import type { RenderAs } from "@stepwire/core";
import { render } from "./render.ts";
import { compileTemplate } from "./template.ts";

export { checkTemplate } from "./check.ts";
export { render } from "./render.ts";
export { compileTemplate } from "./template.ts";

/** Compiles (or finds) a template and fills it; see {@link render} and {@link compileTemplate} for what they throw. */
export function renderTemplate(template: string, view: object, as: RenderAs): string {
  return render(compileTemplate(template), view, as);
}
