import { generateKeyPairSync } from "node:crypto";

import forge from "node-forge";

export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface CertificateAuthority {
  readonly cert: string;
  readonly privateKey: string;
}

export interface Issue {
  /** Common name of the subject. Unique here, so that a message can be told to speak of this one. */
  readonly name: string;
  /** Hexadecimal, and positive: the first digit is below 8. */
  readonly serial: string;
  readonly keys: KeyPair;
  /** Nothing: signed with its own key. */
  readonly issuer?: CertificateAuthority | undefined;
  readonly usage: "ca" | "serverAuth" | "clientAuth";
  /** Such as `DNS:localhost` and `IP:::1`. */
  readonly altNames?: readonly string[];
  /** Validity in days from now. */
  readonly days?: { readonly from: number; readonly to: number };
}

/** Node's own generator: node-forge takes seconds for a pair, in JavaScript. */
export function keyPair(): KeyPair {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

export function issueCertificate({ name, serial, keys, issuer, usage, altNames = [], days }: Issue): string {
  const { from, to } = days ?? { from: -1, to: 365 };
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  cert.serialNumber = serial;
  cert.validity.notBefore = inDays(from);
  cert.validity.notAfter = inDays(to);
  const subject = [{ name: "commonName", value: name }];
  cert.setSubject(subject);
  cert.setIssuer(issuer ? forge.pki.certificateFromPem(issuer.cert).subject.attributes : subject);
  cert.setExtensions([
    ...(usage === "ca"
      ? [
          { name: "basicConstraints", critical: true, cA: true },
          { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
          { name: "subjectKeyIdentifier" },
        ]
      : [
          { name: "basicConstraints", cA: false },
          { name: "extKeyUsage", [usage]: true },
        ]),
    ...(altNames.length > 0 ? [{ name: "subjectAltName", altNames: altNames.map(altName) }] : []),
  ]);
  cert.sign(forge.pki.privateKeyFromPem(issuer?.privateKey ?? keys.privateKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(cert);
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

/** The numbers are those of GeneralName in RFC 5280. */
function altName(text: string): { type: number; value: string } | { type: number; ip: string } {
  const [type, value] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
  return type === "IP" ? { type: 7, ip: value } : { type: 2, value };
}
