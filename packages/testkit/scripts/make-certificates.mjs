// Writes src/kit/certificates.ts: certificates for servers on this machine, good for a century, so that nothing has to
// be made (or installed) where the kit runs. Run it only to replace them: `npx node scripts/make-certificates.mjs`.
import { writeFileSync } from "node:fs";

import { issueCertificate, keyPair } from "@stepwire/test-rig";

const CENTURY = { from: -1, to: 36_500 };
const HERE = ["DNS:localhost", "IP:127.0.0.1"];

const authority = (name, serial) => {
  const keys = keyPair();
  return { cert: issueCertificate({ name, serial, keys, usage: "ca", days: CENTURY }), privateKey: keys.privateKey };
};
const ca = authority("Stepwire kit CA", "0a01");
const stranger = authority("Stepwire kit unknown CA", "0a02");
const keys = keyPair();
const server = (name, serial, more = {}) =>
  issueCertificate({ name, serial, keys, issuer: ca, usage: "serverAuth", altNames: HERE, days: CENTURY, ...more });

const texts = {
  CA: ca.cert,
  SERVER_KEY: keys.privateKey,
  GOOD: server("kit good", "0b01"),
  WRONG_NAME: server("kit wrong name", "0b02", { altNames: ["DNS:another.invalid"] }),
  UNKNOWN_CA: server("kit unknown CA", "0b03", { issuer: stranger }),
  EXPIRED: server("kit expired", "0b04", { days: { from: -400, to: -370 } }),
};
const about = {
  CA: "Signed the servers below, but for one. Its key was thrown away.",
  SERVER_KEY: "Of every server. It guards nothing: whoever reads this package has it.",
  GOOD: "For localhost and 127.0.0.1.",
  WRONG_NAME: "For another name.",
  UNKNOWN_CA: "Signed by nobody that anybody trusts.",
  EXPIRED: "Ended long ago.",
};
const parts = Object.entries(texts).map(
  ([name, text]) => `/** ${about[name]} */\nexport const ${name} = \`${text.replaceAll("\r\n", "\n").trim()}\n\`;\n`,
);
writeFileSync(
  new URL("../src/kit/certificates.ts", import.meta.url),
  `// Made by scripts/make-certificates.mjs.\n\n${parts.join("\n")}`,
);
