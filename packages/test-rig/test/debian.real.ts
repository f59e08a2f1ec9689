// Proves the Debian rig: `npx node packages/test-rig/test/debian.real.ts`. No vitest test, since it needs programs and
// ports that few machines have. Prints what it saw; any failed assertion ends it with code 1.
import assert from "node:assert/strict";

import { debianRig, nodeRig, ROUTES, TOKEN_CLIENT, type Rig, type RigServerKind } from "../src/index.ts";
import { basic, call, callThrough, failure } from "./support.ts";

const KINDS: Record<RigServerKind, string> = {
  good: "it did not fail",
  "wrong-host": "ERR_TLS_CERT_ALTNAME_INVALID",
  untrusted: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  expired: "CERT_HAS_EXPIRED",
};

async function prove(rig: Rig): Promise<void> {
  const { ca, client } = rig;
  const pem = { cert: client.crt, key: client.key };
  for (const [kind, expected] of Object.entries(KINDS) as [RigServerKind, string][]) {
    for (const options of [{}, { clientCertificate: "optional" }, { clientCertificate: "required" }] as const) {
      const url = `${await rig.target(kind, options)}/anything?a=1&b=2&b=3`;
      const refused = await failure(call(url, { ca, ...pem }));
      // A server that has the CA at hand sends it along, and then another thing is wrong first.
      assert.ok(
        refused === expected || (kind === "untrusted" && /SELF_SIGNED|UNABLE/.test(refused)),
        `${kind}: ${refused}`,
      );
      const answer = await call(url, { ca, ...pem, method: "POST", body: '{"n":1}', rejectUnauthorized: false });
      const echo = rig.readEcho(JSON.parse(answer.body));
      const asked = "clientCertificate" in options ? "connector" : undefined;
      assert.deepEqual(
        [answer.status, echo.method, echo.query, echo.body, echo.clientCertificate, echo.headers["host"]],
        [200, "POST", { a: "1", b: ["2", "3"] }, '{"n":1}', asked, new URL(url).host],
      );
    }
  }
  const good = await rig.target("good", { clientCertificate: "required" });
  for (const material of [
    { cert: client.crt, key: client.encryptedKey, passphrase: client.passphrase },
    { pfx: client.pfx, passphrase: client.passphrase },
    { pfx: client.pfxNoPassphrase },
  ]) {
    assert.equal((await call(`${good}/anything`, { ca, ...material })).status, 200);
  }
  const without = call(`${good}/anything`, { ca });
  console.log(
    rig.name,
    "without a certificate:",
    await without.then(({ status }) => status).catch(() => failure(without)),
  );

  for (const route of ROUTES) {
    if (route === "direct") continue;
    const { user, password, url } = await rig.proxy(route);
    const credentials = user === undefined ? {} : basic(user, password!);
    const target = await rig.target("good", { clientCertificate: "optional" });
    assert.equal((await callThrough({ url }, `${target}/anything`, credentials, { ca })).status, 200, route);
    if (user !== undefined)
      assert.equal(await failure(callThrough({ url }, target, basic(user, "wrong"), { ca })), "proxy: 407");
    const path = `${await rig.plainTarget()}/anything`;
    const forwarded = await call(url, { ca, path, headers: { host: new URL(path).host, ...credentials } });
    assert.equal(rig.readEcho(JSON.parse(forwarded.body)).headers["proxy-authorization"], undefined);
  }
  const token = await call(await rig.token(), {
    ca,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `grant_type=client_credentials&client_id=${TOKEN_CLIENT.id}&client_secret=${TOKEN_CLIENT.secret}`,
  });
  assert.equal(token.status, 200);
  const tunnels = await rig.tunnels();
  console.log(rig.name, "tunnels:", tunnels.join(" "));
  assert.equal(tunnels.length, 4);
}

const debian = await debianRig();
if ("missing" in debian) {
  console.log(`missing: ${debian.missing.join(", ")} (debian/http.sh install)`);
} else {
  try {
    await prove(debian);
    console.log("strict, without a certificate:", await failure(call(debian.strictTarget, { ca: debian.ca })));
    const { crt: cert, key } = debian.client;
    const strict = await call(`${debian.strictTarget}/anything`, { ca: debian.ca, cert, key });
    assert.equal(debian.readEcho(JSON.parse(strict.body)).clientCertificate, "connector");
  } finally {
    await debian.close();
  }
}
const node = await nodeRig();
try {
  await prove(node);
} finally {
  await node.close();
}
console.log("all as said");
