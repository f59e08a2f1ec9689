import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { Duplex } from "node:stream";
import tls from "node:tls";

import type { Reason } from "../files/reasons.ts";
import { certificateFacts, type CertificateFacts } from "./certificate-facts.ts";
import { certificatesOf, decodePemOrBase64 } from "./pem.ts";

/** A client certificate with its key, proven to belong together, in the form `tls.createSecureContext` takes. */
export interface ClientCertificate {
  readonly material: { cert?: string; key?: string; pfx?: Buffer; passphrase?: string };
  readonly facts: CertificateFacts;
}

/** Why the material cannot be used, at one of the keys below `secrets`. */
interface MaterialProblem {
  key: "crt" | "key" | "pfx" | "password";
  reason: Reason;
  message: string;
  hint: string;
}

type Outcome = { certificate: ClientCertificate } | { problem: MaterialProblem };

/** Reads a CRT + key pair. `password` is the passphrase of an encrypted key. */
export function readPair(crt: string, key: string, password: string | undefined): Outcome {
  const decodedCrt = decodePemOrBase64(crt);
  const pem = decodedCrt === undefined ? "" : "pem" in decodedCrt ? decodedCrt.pem : derToPem(decodedCrt.bytes);
  const read = certificatesOf(pem);
  if ("problem" in read) {
    const hint = "Give the certificate as PEM text, as base64 of it, or as ${file:client.crt}.";
    return fail("crt", read.problem.reason, `crt ${read.problem.message}`, hint);
  }
  const decodedKey = decodePemOrBase64(key);
  if (
    decodedKey === undefined ||
    !("pem" in decodedKey) ||
    !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(decodedKey.pem)
  ) {
    const hint = "Give the key as PEM text, as base64 of it, or as ${file:client.key}.";
    return fail(
      "key",
      "no-private-key",
      "key holds no private key: there is no -----BEGIN PRIVATE KEY----- in it",
      hint,
    );
  }
  const opened = openKey(decodedKey.pem, password);
  if ("problem" in opened) return opened;
  const leaf = new X509Certificate(read.certificates[0] ?? "");
  if (!leaf.checkPrivateKey(opened.key)) {
    return fail(
      "key",
      "key-mismatch",
      `key does not belong to the certificate in crt (${leaf.subject.replaceAll("\n", ", ")})`,
      "Give the key that the certificate was made with; where crt holds a chain, the client's own comes first.",
    );
  }
  const material = {
    cert: read.certificates.join("\n"),
    key: decodedKey.pem,
    ...(password === undefined ? {} : { passphrase: password }),
  };
  return finish(material, leaf, "crt");
}

/** Reads a PKCS#12 file. `password` is its passphrase. */
export function readPfx(pfx: string, password: string | undefined): Outcome {
  const decoded = decodePemOrBase64(pfx);
  const malformed = "Give the file as base64, or as ${file:client.pfx}.";
  if (decoded === undefined || !("bytes" in decoded))
    return fail("pfx", "pfx-malformed", "pfx is not base64 of a PKCS#12 file", malformed);
  const material = { pfx: decoded.bytes, ...(password === undefined ? {} : { passphrase: password }) };
  let context: tls.SecureContext;
  try {
    context = tls.createSecureContext(material);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (/mac verify failure|maybe wrong password/i.test(message)) return passphraseProblem("pfx", password);
    if (code === "ERR_CRYPTO_UNSUPPORTED_OPERATION") {
      const hint = "Export it again with AES: openssl pkcs12 -export with OpenSSL 3, without -legacy.";
      return fail(
        "pfx",
        "pfx-legacy",
        "pfx is encrypted with an old cipher (RC2 or the like) that is not supported",
        hint,
      );
    }
    return fail("pfx", "pfx-malformed", "pfx cannot be read as a PKCS#12 file: it is cut off or damaged", malformed);
  }
  const leaf = certificateOf(context);
  if (leaf === undefined)
    return fail("pfx", "pfx-malformed", "pfx holds no certificate with its key", "Export both into it.");
  return finish(material, leaf, "pfx");
}

function openKey(pem: string, password: string | undefined): { key: KeyObject } | { problem: MaterialProblem } {
  try {
    return { key: createPrivateKey({ key: pem, ...(password === undefined ? {} : { passphrase: password }) }) };
  } catch (error) {
    const { code = "" } = error as { code?: string };
    const isEncrypted = /ENCRYPTED/.test(pem);
    if (isEncrypted && (code === "ERR_MISSING_PASSPHRASE" || /BAD_DECRYPT|BAD_PASSWORD|INTERRUPTED|CIPHER/i.test(code)))
      return passphraseProblem("key", password);
    // One of 256 wrong passphrases decrypts to something that looks whole until it is read.
    if (isEncrypted && password !== undefined && code === "ERR_OSSL_UNSUPPORTED") {
      const message = "password is not the passphrase of key, or key is damaged";
      return fail("password", "passphrase-wrong", message, "Give the one that key was encrypted with, and key whole.");
    }
    return fail(
      "key",
      "key-malformed",
      "key cannot be read: the private key in it is cut off or damaged",
      "Give it whole.",
    );
  }
}

function passphraseProblem(of: "key" | "pfx", password: string | undefined): { problem: MaterialProblem } {
  return password === undefined
    ? fail("password", "passphrase-missing", `${of} is encrypted and there is no passphrase`, "Give it as password.")
    : fail(
        "password",
        "passphrase-wrong",
        `password is not the passphrase of ${of}`,
        `Give the one that ${of} was encrypted with.`,
      );
}

function finish(material: ClientCertificate["material"], leaf: X509Certificate, key: "crt" | "pfx"): Outcome {
  const facts = certificateFacts(leaf);
  if (facts === undefined)
    return fail(key, "certificate-malformed", `${key} holds a certificate that cannot be read`, "Export it again.");
  const now = Date.now();
  const hint = "Have it issued anew; check the clock of this machine if that is wrong.";
  if (Date.parse(leaf.validTo) < now)
    return fail(
      key,
      "certificate-expired",
      `The client certificate ${facts.subject} in ${key} expired on ${facts.validTo}`,
      hint,
    );
  if (Date.parse(leaf.validFrom) > now) {
    const message = `The client certificate ${facts.subject} in ${key} is not valid before ${facts.validFrom}`;
    return fail(key, "certificate-not-yet-valid", message, hint);
  }
  return { certificate: { material, facts } };
}

/** Node shows the certificate of a context only through a socket; this one leads nowhere. */
function certificateOf(context: tls.SecureContext): X509Certificate | undefined {
  const nowhere = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const socket = new tls.TLSSocket(nowhere, { secureContext: context });
  const certificate = socket.getX509Certificate();
  socket.destroy();
  return certificate;
}

function derToPem(bytes: Buffer): string {
  try {
    return new X509Certificate(bytes).toString();
  } catch {
    return "";
  }
}

const fail = (key: MaterialProblem["key"], reason: Reason, message: string, hint: string) => ({
  problem: { key, reason, message: `${message}.`, hint },
});
