import { StepwireError, type RenderAs } from "@stepwire/core";
import { jsonErrorOffset } from "./json-position.ts";
import { JsonSink } from "./json-sink.ts";
import { positionIn, type CompiledTemplate } from "./template.ts";
import { UrlSink } from "./url-sink.ts";
import { asText } from "./value.ts";
import { walkTemplate } from "./walk.ts";

/** How much of the result is shown on either side of the place where it stops being JSON. */
const EXCERPT = 40;

/**
 * Fills a template with own properties of `view`. `json`: a variable outside a JSON string becomes a JSON value (a
 * missing one `null`), inside a string escaped text (a missing one nothing). `url`: each value percent-encoded as one
 * component. `text`: as it is, objects as JSON.
 * @throws StepwireError `json-invalid` with `details: { line, column, excerpt }` (place in the template, piece of the
 *   result, which may hold what must be masked), `template-error` for values that cannot be inserted.
 */
export function render(template: CompiledTemplate, view: object, as: RenderAs): string {
  if (as === "json") return renderJson(template, view);
  if (as === "url") {
    const sink = new UrlSink();
    walkTemplate(template, view, sink);
    return sink.finish();
  }
  let result = "";
  walkTemplate(template, view, {
    text(piece) {
      result += piece;
    },
    value(value, name) {
      result += asText(value, name);
    },
  });
  return result;
}

function renderJson(template: CompiledTemplate, view: object): string {
  const sink = new JsonSink(template);
  walkTemplate(template, view, sink);
  const { result } = sink;
  try {
    JSON.parse(result);
    return result;
  } catch {
    const offset = jsonErrorOffset(result) ?? result.length;
    const { line, column } = positionIn(template.text, sink.origin(offset));
    const excerpt = result.slice(Math.max(0, offset - EXCERPT), offset + EXCERPT);
    const end = offset >= result.length ? "it ends too early, after" : "near";
    throw new StepwireError(
      "json-invalid",
      `The template does not make valid JSON at its line ${line}, column ${column}: ${end} ${JSON.stringify(excerpt)}.`,
      { details: { line, column, excerpt } },
    );
  }
}
