/**
 * What `details.reason` can say beside `config-invalid`, `secrets-invalid` and `settings-invalid`; docs/errors.md explains
 * each. Added to, never renamed.
 */
export const REASONS = [
  "auth-switched-off",
  "ca-certificate-malformed",
  "ca-no-certificate",
  "ca-unreadable",
  "certificate-expired",
  "certificate-malformed",
  "certificate-not-yet-valid",
  "certificate-type",
  "certificate-without-tls",
  "colon",
  "half-a-pair",
  "header",
  "host-entry",
  "key-malformed",
  "key-mismatch",
  "method-not-served",
  "missing",
  "no-certificate",
  "no-private-key",
  "no-proxy-url",
  "not-a-boolean",
  "not-a-map",
  "not-a-text",
  "not-an-object",
  "not-used",
  "passphrase-missing",
  "passphrase-wrong",
  "pfx-legacy",
  "pfx-malformed",
  "proxy-url",
  "reserved-field",
  "token-url",
  "two-certificates",
  "two-lists",
  "two-users",
  "unknown-choice",
] as const;

export type Reason = (typeof REASONS)[number];
