import { X509Certificate } from "node:crypto";

/** A text that should hold certificates and does not; `reason` tells programs why. */
export interface PemProblem {
  reason: "no-certificate" | "certificate-malformed";
  message: string;
}

const BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * The certificates of a PEM text, each proven to be one: OpenSSL itself silently skips what it cannot read, and would
 * then trust nothing, or less than was asked for.
 */
export function certificatesOf(text: string): { certificates: string[] } | { problem: PemProblem } {
  const blocks = text.match(BLOCK) ?? [];
  const begun = text.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
  if (begun === 0) {
    return {
      problem: {
        reason: "no-certificate",
        message: "holds no certificate: there is no -----BEGIN CERTIFICATE----- in it",
      },
    };
  }
  for (let index = 0; index < begun; index += 1) {
    const block = blocks[index];
    const where = begun === 1 ? "the certificate in it" : `certificate ${index + 1} of ${begun} in it`;
    if (block === undefined || !isCertificate(block)) {
      return {
        problem: { reason: "certificate-malformed", message: `cannot be used: ${where} is cut off or damaged` },
      };
    }
  }
  return { certificates: blocks };
}

/** Kibana wants PEM in base64; a person pastes PEM, and `${file:}` gives it. All of them come back as bytes or PEM text. */
export function decodePemOrBase64(text: string): { pem: string } | { bytes: Buffer } | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("-----BEGIN ")) return { pem: trimmed };
  const compact = trimmed.replace(/\s+/g, "");
  if (compact === "" || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, "base64");
  const inner = bytes.toString("latin1").trimStart();
  return inner.includes("-----BEGIN ") ? { pem: inner } : { bytes };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
