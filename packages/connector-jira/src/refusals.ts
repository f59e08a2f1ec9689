export interface Refusal {
  /** Said where Jira gives no words of its own. */
  readonly meaning: string;
  /** What to do about it. */
  readonly advice: string;
}

/**
 * What Jira's statuses mean and what to do, from Atlassian's REST API documentation (developer.atlassian.com: status
 * codes, basic auth, rate limiting).
 */
export const REFUSALS: Readonly<Record<number, Refusal>> = {
  400: {
    meaning: "Jira does not accept the values.",
    advice: "Correct what it names; getCreateMetadata lists the fields that an issue type takes.",
  },
  401: {
    meaning: "Jira does not accept the credentials.",
    advice:
      "Check secrets.email and secrets.apiToken (Cloud takes an API token, never a password), or secrets.personalAccessToken (Data Center alone); tokens expire.",
  },
  403: {
    meaning: "The account may not do this.",
    advice: "Give the connector's account the permission in the project, or use another account.",
  },
  404: {
    meaning: "Jira finds nothing there.",
    advice:
      "It does not exist, or the account may not see it: Jira makes no difference. If nothing is found at all, apiUrl lacks a path or has one too many.",
  },
  405: { meaning: "Jira does not know this call.", advice: "Check apiUrl, and that this Jira has the apiVersion." },
  409: { meaning: "Somebody else changes the same issue.", advice: "Try again." },
  410: {
    meaning: "Atlassian has removed this call.",
    advice: "If this is Jira Cloud behind a name of your own, set apiVersion: 3 or use its atlassian.net address.",
  },
  413: { meaning: "The text is too long for this Jira.", advice: "Shorten it." },
  414: { meaning: "The address is too long for this Jira.", advice: "Shorten the JQL." },
  415: {
    meaning: "Jira does not take this content type.",
    advice: "Something on the way changes requests; check proxies.",
  },
  422: { meaning: "Jira cannot process the values.", advice: "Correct what it names." },
  429: { meaning: "Jira asks to slow down.", advice: "Wait, and run fewer steps at once." },
  500: { meaning: "Jira failed.", advice: "Try again later; if it stays, Jira's log has the reason." },
  502: { meaning: "What stands before Jira cannot reach it.", advice: "Try again later." },
  503: { meaning: "Jira is not available, perhaps for maintenance.", advice: "Try again later." },
  504: { meaning: "Jira took too long to answer what stands before it.", advice: "Try again later." },
};

/** Jira refuses REST logins, right ones too, until somebody has solved the captcha of its login page. */
export const CAPTCHA =
  "Jira wants a captcha after too many failed logins: log in once with a browser, then correct the credentials.";
