import * as z from "zod";

const MAX_FIELDS = 50;
/** Characters of all fields together, as JSON; four of Jira's longest texts. */
const MAX_JSON = 131_072;

/** Whether there are more is said below, where the JSON text has been read. */
const mapOfFields = z.record(z.string().max(255), z.unknown()).meta({ maxProperties: MAX_FIELDS });

/**
 * Fields that have no parameter of their own, as a map or as its JSON text (which is what a template renders). None of
 * them can stand in for one that has: which of the two is meant could not be told.
 * @param own fields with a parameter, in lower case, and what that is called.
 */
export const otherFields = (own: Readonly<Record<string, string>>) =>
  z.union([mapOfFields, z.string().max(MAX_JSON)]).transform((given, ctx) => {
    const problem = (message: string) => ctx.addIssue({ code: "custom", message });
    const fields = typeof given === "string" ? parse(given) : given;
    if (fields === undefined) {
      problem('this text is no JSON object. Give a map of field ids, such as {"customfield_10010": 5}');
      return z.NEVER;
    }
    const names = Object.keys(fields);
    if (names.length > MAX_FIELDS) problem(`there are ${names.length} fields; at most ${MAX_FIELDS} are taken`);
    if (JSON.stringify(fields).length > MAX_JSON) problem(`it is longer than ${MAX_JSON} characters as JSON`);
    for (const name of names) {
      const lower = name.toLowerCase();
      if (Object.hasOwn(own, lower)) problem(`${name} cannot be set here; ${own[lower]} is for that`);
      else if (!/^[a-z][\w.:-]*$/i.test(name)) problem(`${JSON.stringify(name)} is no id of a field`);
    }
    return fields;
  });

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
