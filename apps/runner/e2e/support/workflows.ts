/** Texts of files that several tests use. */

export const PASSWORD = `p"ss w/ord+1ü3`;
export const CREDENTIALS = `bob:${PASSWORD}`;

/** An http connector with a password that looks different in every encoding. */
export const API = (url: string): string => `connectors:
  - name: api
    type: http
    config: { url: "${url}", hasAuth: true, authType: webhook-authentication-basic }
    secrets: { user: bob, password: "\${env:PW}" }
`;

export const SECRET_ENV = { PW: PASSWORD };

/** Every form in which the password could show up. */
export const SECRET_FORMS = [
  PASSWORD,
  Buffer.from(PASSWORD).toString("base64"),
  Buffer.from(CREDENTIALS).toString("base64"),
  Buffer.from(CREDENTIALS).toString("base64url"),
  encodeURIComponent(PASSWORD),
  new URLSearchParams({ p: PASSWORD }).toString().slice(2),
  JSON.stringify(PASSWORD).slice(1, -1),
];

/** A step that calls a path of the connector `api`. */
export const call = (name: string, path: string, more = ""): string =>
  `  - { name: ${name}, type: http, connector-id: api, with: { path: ${path} }${more} }\n`;

/** What a hostile vendor might say: colours, a new title, a faked line, a text that turns around. */
export const HOSTILE = "no \u001B[31mred\u001B[0m \u001B]0;title\u0007 \u009B2J \u202Eeno \u007F\r\nfaked";

/** No character of these reaches a terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
export const STEERING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/;
