import forge from "node-forge";

const { asn1, pkcs12, pki } = forge;
const { Class, Type } = asn1;

/** RC2 with 40 bits, as Windows and Java wrote it for twenty years. */
const RC2_40 = "1.2.840.113549.1.12.1.6";
const ITERATIONS = 2048;

/** A PFX as today's tools write it: the key under AES-256. */
export function pfx(key: string, chain: readonly string[], passphrase: string): Buffer {
  const made = pkcs12.toPkcs12Asn1(
    forgeKey(key),
    chain.map((cert) => pki.certificateFromPem(cert)),
    passphrase,
    { algorithm: "aes256", count: ITERATIONS },
  );
  return toBuffer(made);
}

/**
 * A PFX as old tools wrote it: the certificate under RC2, the key under 3DES. OpenSSL 3 has RC2 in its legacy
 * provider only, which Node does not load. node-forge reads such files but cannot write them, so the part with the
 * certificate is encrypted here and put in the place of the plain one.
 */
export function legacyPfx(key: string, cert: string, passphrase: string): Buffer {
  const made = pkcs12.toPkcs12Asn1(forgeKey(key), pki.certificateFromPem(cert), passphrase, {
    algorithm: "3des",
    count: ITERATIONS,
    useMac: false,
  });
  const [version, authSafe] = children(made);
  const safes = asn1.fromDer(content(authSafe));
  const [certSafe, keySafe] = children(safes);
  const safe = sequence(encrypted(content(certSafe), passphrase), keySafe!);
  const data = asn1.toDer(safe).getBytes();
  return toBuffer(sequence(version!, dataContent(data), mac(data, passphrase)));
}

/** EncryptedData of PKCS #7, version 0. */
function encrypted(plain: string, passphrase: string): forge.asn1.Asn1 {
  const salt = forge.random.getBytesSync(8);
  // generateKey empties the buffer that it is given, so each call gets its own.
  const derive = (id: number, length: number): forge.util.ByteBuffer =>
    pkcs12.generateKey(passphrase, forge.util.createBuffer(salt), id, ITERATIONS, length);
  const cipher = forge.rc2.createEncryptionCipher(derive(1, 5), 40);
  cipher.start(derive(2, 8).getBytes());
  cipher.update(forge.util.createBuffer(plain));
  cipher.finish();
  const parameters = sequence(octets(salt), integer(ITERATIONS));
  return sequence(
    oid(pki.oids["encryptedData"]!),
    explicit(
      sequence(
        integer(0),
        sequence(
          oid(pki.oids["data"]!),
          sequence(oid(RC2_40), parameters),
          asn1.create(Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, false, cipher.output.getBytes()),
        ),
      ),
    ),
  );
}

function mac(data: string, passphrase: string): forge.asn1.Asn1 {
  const salt = forge.random.getBytesSync(8);
  const hmac = forge.hmac.create();
  hmac.start(forge.md.sha1.create(), pkcs12.generateKey(passphrase, forge.util.createBuffer(salt), 3, ITERATIONS, 20));
  hmac.update(data);
  const sha1 = sequence(oid(pki.oids["sha1"]!), asn1.create(Class.UNIVERSAL, Type.NULL, false, ""));
  return sequence(sequence(sha1, octets(hmac.digest().getBytes())), octets(salt), integer(ITERATIONS));
}

function dataContent(bytes: string): forge.asn1.Asn1 {
  return sequence(oid(pki.oids["data"]!), explicit(octets(bytes)));
}

/** The bytes inside a ContentInfo of type data. */
function content(info: forge.asn1.Asn1 | undefined): string {
  const inner = children(children(info)[1])[0];
  if (typeof inner?.value !== "string") throw new Error("node-forge writes PFX files in another way now");
  return inner.value;
}

function children(node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  if (!Array.isArray(node?.value)) throw new Error("node-forge writes PFX files in another way now");
  return node.value;
}

function sequence(...values: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
}

function explicit(value: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, true, [value]);
}

function octets(bytes: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes);
}

function oid(id: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(id).getBytes());
}

function integer(value: number): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

function forgeKey(pem: string): forge.pki.rsa.PrivateKey {
  return pki.privateKeyFromPem(pem) as forge.pki.rsa.PrivateKey;
}

function toBuffer(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), "binary");
}
