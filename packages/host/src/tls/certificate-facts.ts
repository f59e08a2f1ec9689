import { X509Certificate, type X509Certificate as Certificate } from "node:crypto";

/** What a message says of a certificate. Dates are ISO 8601 days. */
export interface CertificateFacts {
  subject: string;
  issuer: string;
  validFrom: string;
  validTo: string;
  /** The names it is for, such as `DNS:example.com`. */
  names?: string;
}

/** The facts of a certificate in PEM, DER or Node's form; `undefined` for what is none. */
export function certificateFacts(source: string | Buffer | Certificate): CertificateFacts | undefined {
  try {
    const certificate = source instanceof X509Certificate ? source : new X509Certificate(source);
    const names = certificate.subjectAltName;
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      validFrom: day(certificate.validFrom),
      validTo: day(certificate.validTo),
      ...(names === undefined ? {} : { names: names.slice(0, MAX_NAMES) }),
    };
  } catch {
    return undefined;
  }
}

/** `CN=x, valid 2026-01-01 to 2026-12-31, issued by CN=y`. */
export function describeCertificate({ subject, issuer, validFrom, validTo }: CertificateFacts): string {
  return `${subject}, valid ${validFrom} to ${validTo}, issued by ${issuer}`;
}

/** Hosting companies put a hundred names into one certificate. */
const MAX_NAMES = 500;

const oneLine = (name: string | undefined) =>
  name === undefined || name === "" ? "no name" : name.replaceAll("\n", ", ");
const day = (date: string) => new Date(date).toISOString().slice(0, 10);
