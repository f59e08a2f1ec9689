import type { CertificateFacts } from "./certificate-facts.ts";
import type { TlsPolicy } from "./trust.ts";

/** A failed check of a server's certificate: which one, and what to do. Both are sentences without a full stop or with advice. */
export interface TlsFailure {
  code: "tls-untrusted" | "tls-hostname" | "tls-expired";
  check: string;
  advice: string;
}

const UNTRUSTED: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends in an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the authority that signed it is not trusted, or the server does not send its whole chain",
  UNABLE_TO_GET_ISSUER_CERT: "the authority that signed it is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the authority that signed it is not trusted",
  INVALID_PURPOSE: "it is not meant for servers",
  CERT_SIGNATURE_FAILURE: "its signature is wrong",
  CERT_REVOKED: "it was revoked",
  CERT_REJECTED: "its authority is not trusted for servers",
  CERT_UNTRUSTED: "its authority is not trusted",
  INVALID_CA: "a certificate in its chain is no authority",
  PATH_LENGTH_EXCEEDED: "its chain is too long",
  CERT_CHAIN_TOO_LONG: "its chain is too long",
  EE_KEY_TOO_SMALL: "its key is too short",
  CA_KEY_TOO_SMALL: "the key of its authority is too short",
  CA_MD_TOO_WEAK: "it is signed with a weak digest",
};

/** What a TLS error says about the certificate of `host`, or `undefined` for any other error. */
export function tlsFailure(
  error: unknown,
  host: string,
  policy: TlsPolicy,
  certificate: CertificateFacts | undefined,
): TlsFailure | undefined {
  const { code = "" } = error as { code?: string };
  const mode = `${policy.modeSetting} is ${policy.mode}`;
  const authorities =
    policy.certificateSettings.length === 0
      ? "the system's authorities are trusted"
      : `only the authorities of ${policy.certificateSettings.join(" and ")} are trusted`;
  if (Object.hasOwn(UNTRUSTED, code)) {
    return {
      code: "tls-untrusted",
      check: `the certificate of ${host} is not trusted: ${UNTRUSTED[code]} (${code})`,
      advice: `For it ${authorities}, and ${mode}. Add the authority that signed it to ${policy.authorityPlaces}.`,
    };
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    const when =
      code === "CERT_HAS_EXPIRED"
        ? `expired${certificate === undefined ? "" : ` on ${certificate.validTo}`}`
        : `is not valid${certificate === undefined ? " yet" : ` before ${certificate.validFrom}`}`;
    return {
      code: "tls-expired",
      check: `a certificate of ${host} ${when} (${code})`,
      advice: `Have it renewed, and check this machine's clock. It is checked because ${mode}.`,
    };
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = certificate?.names === undefined ? "another name" : certificate.names;
    return {
      code: "tls-hostname",
      check: `the certificate is not for ${host} but for ${names}`,
      advice: `Call it by a name that is in the certificate. The name is checked because ${mode}; with certificate only dates and authority are.`,
    };
  }
  return undefined;
}
