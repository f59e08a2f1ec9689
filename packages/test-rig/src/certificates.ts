import { createPrivateKey } from "node:crypto";

import { issueCertificate, keyPair, type CertificateAuthority, type KeyPair } from "./issue.ts";
import { legacyPfx, pfx } from "./pfx.ts";

/** What is right or wrong with a server's certificate. Judged by a client that trusts `ca`. */
export const SERVER_KINDS = [
  "good",
  "wrong-host",
  "untrusted",
  "expired",
  "not-yet",
  "self-signed",
  "missing-chain",
  "chain",
  "client-only",
] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** One client certificate in every form that people are handed. */
export interface ClientMaterial {
  readonly crt: string;
  readonly key: string;
  /** The same key, PKCS #8, encrypted with `passphrase`. */
  readonly encryptedKey: string;
  /** AES-256, encrypted with `passphrase`. Holds the certificate and its key, and no CA. */
  readonly pfx: Buffer;
  readonly pfxNoPassphrase: Buffer;
  readonly passphrase: string;
}

export interface Certificates {
  /** Signed the good servers and the client. */
  readonly ca: string;
  readonly otherCa: string;
  readonly servers: Readonly<Record<ServerKind, PemPair>>;
  readonly client: ClientMaterial;
  readonly clientUntrusted: ClientMaterial;
  readonly clientExpired: ClientMaterial;
  /** A key that fits no certificate here. */
  readonly otherKey: string;
  /** The client with an RC2-encrypted certificate and a 3DES-encrypted key: OpenSSL 3 refuses it. */
  readonly legacyPfx: Buffer;
  /** The first 300 bytes of the client's PFX. */
  readonly truncatedPfx: Buffer;
  /** The client's PFX with `ca` inside, as many exports have it. Node then trusts that CA, asked or not. */
  readonly pfxWithCa: Buffer;
}

const PASSPHRASE = "rig-passphrase";
const LOCAL_NAMES = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"];
const PAST = { from: -400, to: -370 };
const FUTURE = { from: 370, to: 400 };

let made: Certificates | undefined;

/** Makes two CAs and everything that they sign, once a process. Takes about a second. */
export function certificates(): Certificates {
  made ??= make();
  return made;
}

function make(): Certificates {
  const ca = authority("Rig CA", "0a01");
  const otherCa = authority("Rig other CA", "0a02");
  const intermediate = authority("Rig intermediate", "0a03", ca);
  // Key pairs are what takes the time, and servers have no need to differ in theirs.
  const serverKeys = keyPair();
  const clientKeys = keyPair();

  const server = (
    name: string,
    serial: string,
    options: Partial<Parameters<typeof issueCertificate>[0]> = {},
  ): PemPair => ({
    cert: issueCertificate({
      name,
      serial,
      keys: serverKeys,
      issuer: ca,
      usage: "serverAuth",
      altNames: LOCAL_NAMES,
      ...options,
    }),
    key: serverKeys.privateKey,
  });
  const behindIntermediate = server("rig missing-chain", "0b07", { issuer: intermediate });
  const clientCertificate = (name: string, serial: string, issuer: CertificateAuthority, days?: typeof PAST): string =>
    issueCertificate({ name, serial, keys: clientKeys, issuer, usage: "clientAuth", ...(days && { days }) });
  const client = material(clientCertificate("connector", "0c01", ca), clientKeys);

  return {
    ca: ca.cert,
    otherCa: otherCa.cert,
    servers: {
      good: server("rig good", "0b01"),
      "wrong-host": server("rig wrong-host", "0b02", { altNames: ["DNS:wrong.example.test"] }),
      untrusted: server("rig untrusted", "0b03", { issuer: otherCa }),
      expired: server("rig expired", "0b04", { days: PAST }),
      "not-yet": server("rig not-yet", "0b05", { days: FUTURE }),
      "self-signed": server("rig self-signed", "0b06", { issuer: undefined }),
      "missing-chain": behindIntermediate,
      chain: { cert: behindIntermediate.cert + intermediate.cert, key: behindIntermediate.key },
      "client-only": server("rig client-only", "0b08", { usage: "clientAuth" }),
    },
    client,
    clientUntrusted: material(clientCertificate("connector-untrusted", "0c02", otherCa), clientKeys),
    clientExpired: material(clientCertificate("connector-expired", "0c03", ca, PAST), clientKeys),
    otherKey: keyPair().privateKey,
    legacyPfx: legacyPfx(client.key, client.crt, PASSPHRASE),
    truncatedPfx: client.pfx.subarray(0, 300),
    pfxWithCa: pfx(client.key, [client.crt, ca.cert], PASSPHRASE),
  };
}

function authority(name: string, serial: string, issuer?: CertificateAuthority): CertificateAuthority {
  const keys = keyPair();
  const cert = issueCertificate({ name, serial, keys, issuer, usage: "ca" });
  return { cert, privateKey: keys.privateKey };
}

function material(crt: string, keys: KeyPair): ClientMaterial {
  const key = keys.privateKey;
  return {
    crt,
    key,
    encryptedKey: createPrivateKey(key)
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: PASSPHRASE })
      .toString(),
    pfx: pfx(key, [crt], PASSPHRASE),
    pfxNoPassphrase: pfx(key, [crt], ""),
    passphrase: PASSPHRASE,
  };
}
