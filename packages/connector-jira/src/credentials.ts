import * as z from "zod";

/** Exactly one of the two ways to log in. Which one is meant must never be guessed from what is left over. */
export const credentials = z
  .strictObject({
    email: z.string().max(255).optional().describe("The email of the account (Data Center: the user name)"),
    apiToken: z.string().max(4096).optional().describe("An API token of the account (Data Center: the password)"),
    personalAccessToken: z
      .string()
      .max(4096)
      .optional()
      .describe("Data Center: a personal access token, in place of email and apiToken"),
  })
  .superRefine((given, ctx) => {
    const problem = (path: string[], message: string) => ctx.addIssue({ code: "custom", path, message });
    const pair = (["email", "apiToken"] as const).filter((name) => given[name] !== undefined);
    // Where half of the pair is missing, the host says so: it needs both to use them.
    if (given.personalAccessToken === undefined && pair.length === 0) {
      problem([], "there are no credentials. Give email and apiToken, or (Data Center) personalAccessToken");
    } else if (given.personalAccessToken !== undefined && pair.length > 0) {
      problem(["personalAccessToken"], `there is ${pair.join(" and ")} beside it. Keep one way to log in`);
    } else if (given.personalAccessToken === "") {
      problem(["personalAccessToken"], "personalAccessToken is empty");
    }
  });
