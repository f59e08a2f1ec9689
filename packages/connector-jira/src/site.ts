/** What the connectors of both types know about their Jira. */
export type JiraConfig = { apiUrl: string; projectKey: string; apiVersion: 2 | 3 } | { subdomain: string };

/** A Jira as the actions see it. */
export interface Site {
  /** Where people see it, without a slash at the end. */
  readonly url: string;
  /** `/rest/api/2` takes texts as they are, `/rest/api/3` as Atlassian documents. */
  readonly version: 2 | 3;
  /** Cloud and Data Center differ in search, projects and accounts, whatever the version. */
  readonly cloud: boolean;
  /** The project of issues that name none. */
  readonly projectKey?: string;
}

/** Version 3 is Cloud's alone; with version 2 the host's name tells: Cloud is always below atlassian.net. */
export function siteOf(config: JiraConfig): Site {
  if ("subdomain" in config) {
    return { url: `https://${config.subdomain.toLowerCase()}.atlassian.net`, version: 3, cloud: true };
  }
  const { apiUrl, apiVersion: version, projectKey } = config;
  const cloud = version === 3 || new URL(apiUrl).hostname.endsWith(".atlassian.net");
  return { url: apiUrl.replace(/\/+$/, ""), version, cloud, projectKey };
}

/** A path below the API. Segments are encoded, so that an id cannot lead anywhere else. */
export function apiPath({ version }: Site, ...segments: readonly string[]): string {
  return ["/rest/api", String(version), ...segments.map(encodeURIComponent)].join("/");
}

/** Where people see an issue. */
export const browseUrl = (site: Site, key: string) => `${site.url}/browse/${encodeURIComponent(key)}`;
