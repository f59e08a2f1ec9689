import { StepwireError, type Ctx, type HttpMethod, type HttpResponse } from "@stepwire/core";

import type { CasesConfig } from "./config.ts";
import type { Incident } from "./incident.ts";
import { readPath } from "./response-path.ts";
import { caseView, externalView } from "./variables.ts";

type CasesCtx = Ctx<CasesConfig>;

/** The four requests a connector describes. Each renders its templates, sends one request and reads what is needed. */
export async function sendCreate(ctx: CasesCtx, incident: Incident): Promise<string> {
  const { createIncidentUrl, createIncidentMethod, createIncidentJson, createIncidentResponseKey } = ctx.config;
  const body = JSON.parse(ctx.render(createIncidentJson, caseView(incident), "json")) as unknown;
  const response = await ctx.request({
    method: upper(createIncidentMethod),
    url: tidyUrl(createIncidentUrl),
    json: body,
    accept: "json",
    exactIntegers: true,
    key: "create",
  });
  try {
    return readPath(response.data, createIncidentResponseKey, "the id of the new case");
  } catch (error) {
    const { code, message, details } = StepwireError.from(error);
    const hint =
      "The case was made all the same: look for it before you try again, and correct createIncidentResponseKey.";
    throw new StepwireError(code, `${message} ${hint}`, { details: { ...details, answer: excerpt(response.data) } });
  }
}

/** What the other system said, as far as it fits into an error. */
function excerpt(answer: unknown): string {
  const text = JSON.stringify(answer) ?? "";
  return text.length <= 2000 ? text : `${text.slice(0, 1999)}…`;
}

/** Nothing is needed of the answer to a change, but a page is none: it asks to log in, or comes from something in between. */
function refusePage({ data, headers }: HttpResponse): void {
  const type = headers["content-type"] ?? "";
  if (typeof data !== "string" || data.trim() === "" || !/\bhtml\b/i.test(type)) return;
  throw new StepwireError(
    "unsupported-content-type",
    "The other system answered with a web page, where JSON or nothing is expected. Check the URL and the credentials.",
    { details: { contentType: type } },
  );
}

export async function sendUpdate(ctx: CasesCtx, id: string, incident: Incident): Promise<void> {
  const { updateIncidentUrl, updateIncidentMethod, updateIncidentJson } = ctx.config;
  const external = externalView(id);
  const body = JSON.parse(ctx.render(updateIncidentJson, { ...caseView(incident), ...external }, "json")) as unknown;
  const url = tidyUrl(ctx.render(updateIncidentUrl, external, "url"));
  refusePage(await ctx.request({ method: upper(updateIncidentMethod), url, json: body, key: "update" }));
}

export async function sendGet(ctx: CasesCtx, id: string): Promise<string> {
  const { getIncidentUrl, getIncidentMethod, getIncidentJson, getIncidentResponseExternalTitleKey } = ctx.config;
  const external = externalView(id);
  const withBody = getIncidentMethod === "post" && getIncidentJson;
  const response = await ctx.request({
    method: upper(getIncidentMethod),
    url: tidyUrl(ctx.render(getIncidentUrl, external, "url")),
    ...(withBody ? { json: JSON.parse(ctx.render(getIncidentJson, external, "json")) as unknown } : {}),
    accept: "json",
    key: "get",
  });
  return readPath(response.data, getIncidentResponseExternalTitleKey, "the title of the case");
}

export async function sendComment(ctx: CasesCtx, id: string, comment: string, key: string): Promise<void> {
  const { createCommentUrl, createCommentMethod, createCommentJson } = ctx.config;
  if (!createCommentUrl || !createCommentJson) throw commentsNotConfigured();
  const external = externalView(id);
  const body = JSON.parse(ctx.render(createCommentJson, { case: { comment }, ...external }, "json")) as unknown;
  const url = tidyUrl(ctx.render(createCommentUrl, external, "url"));
  refusePage(await ctx.request({ method: upper(createCommentMethod ?? "put"), url, json: body, key }));
}

/** Where people see the case. */
export function viewUrl(ctx: CasesCtx, id: string, title: string): string {
  return ctx.render(ctx.config.viewIncidentUrl, externalView(id, title), "url");
}

export function commentsNotConfigured(): StepwireError {
  return new StepwireError(
    "params-invalid",
    "There are comments, but the connector does not say how to send them. Give it createCommentUrl and createCommentJson, or leave the comments out.",
  );
}

/** Kibana cuts one slash at the end and joins repeated ones; here that is done to the path alone, never to a query. */
function tidyUrl(text: string): string {
  const [, origin = "", path = "", rest = ""] = /^(https?:\/\/[^/?#]+)([^?#]*)(.*)$/is.exec(text) ?? [text, text];
  return `${origin}${path.replace(/\/{2,}/g, "/").replace(/\/$/, "")}${rest}`;
}

const upper = (method: string) => method.toUpperCase() as HttpMethod;
