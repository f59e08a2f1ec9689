import { certificates, startProxy, startTarget } from "@stepwire/test-rig";
import { expect, it, onTestFinished } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeProject } from "./support/project.ts";

interface Route {
  connector?: string;
  allowed: boolean;
  proxy: { url: string; setting: string } | null;
  proxyReason?: string;
  tls?: { mode: string; modeSetting: string; authorities: string[]; clientCertificate?: string };
  handshake?: { ok: boolean; protocol?: string; error?: { code: string; message: string; details: object } };
}

async function routesOf(cwd: string, url: string): Promise<Route[]> {
  const { json } = await stepwireJson(["doctor", "--url", url], { cwd });
  return (json as { url: { routes: Route[] } }).url.routes;
}

const closed = <T extends { close(): Promise<void> }>(server: T): T => {
  onTestFinished(() => server.close());
  return server;
};

it("shows the settings' trust, and the connector's with its client certificate, each with its handshake", async () => {
  const { ca, client } = certificates();
  const target = closed(await startTarget({ tls: "good", clientCertificate: "required" }));
  const { folder: cwd } = makeProject({
    "ca.pem": ca,
    "client.crt": client.crt,
    "client.key": client.key,
    "stepwire.yaml": `network: { customHostSettings: [{ url: "${target.url}", ssl: { certificateAuthoritiesFiles: ca.pem } }] }`,
    "connectors.yaml": `connectors:
  - name: with-certificate
    type: http
    config: { url: "${target.url}", authType: webhook-authentication-ssl, verificationMode: certificate }
    secrets: { crt: "\${file:client.crt}", key: "\${file:client.key}" }
  - name: elsewhere
    type: http
    config: { url: "https://elsewhere.example", hasAuth: false }
`,
  });
  const [plain, own, ...others] = await routesOf(cwd, `${target.url}/any/path`);
  expect(others).toEqual([]);
  expect(plain).toMatchObject({
    allowed: true,
    proxy: null,
    tls: {
      mode: "full",
      modeSetting: "network.ssl.verificationMode",
      authorities: ["network.customHostSettings[0].ssl"],
    },
    handshake: { ok: false },
  });
  expect(own).toMatchObject({
    connector: "with-certificate",
    tls: {
      mode: "certificate",
      modeSetting: "the connector's verificationMode",
      clientCertificate: expect.stringContaining("CN=connector"),
    },
    handshake: { ok: true, protocol: "TLSv1.3" },
  });
  expect(target.requests).toEqual([]);

  const text = await stepwire(["doctor", "--url", target.url], { cwd });
  expect(text.stdout).toMatch(
    /With the connector with-certificate[\s\S]*verification +certificate \(the connector's verificationMode\)/,
  );
  expect(text.stdout).toMatch(/handshake +ok, TLSv1\.3 with 127\.0\.0\.1; the server showed /);
});

it("says which check of the certificate failed", async () => {
  const target = closed(await startTarget({ tls: "expired" }));
  const { folder: cwd } = makeProject({
    "ca.pem": certificates().ca,
    "stepwire.yaml": "network: { ssl: { certificateAuthoritiesFiles: [ca.pem] } }",
  });
  const [route] = await routesOf(cwd, target.url);
  expect(route?.handshake).toMatchObject({ ok: false, error: { code: "tls-expired" } });
  expect(route?.handshake?.error?.message).toMatch(
    /expired on \d{4}-\d\d-\d\d.*network\.ssl\.verificationMode is full/,
  );
});

it("goes through the proxy, and says why it does not", async () => {
  const target = closed(await startTarget({ tls: "good" }));
  const proxy = closed(await startProxy({ auth: { user: "proxy-user", password: "proxy-password" } }));
  const settings = (more: string) => `network:
  proxyUrl: ${proxy.url}
  ssl: { certificateAuthoritiesFiles: [ca.pem] }
${more}`;
  const { folder: cwd } = makeProject({ "ca.pem": certificates().ca, "stepwire.yaml": settings("") });
  const wrong = await routesOf(cwd, target.url);
  expect(wrong[0]).toMatchObject({
    proxy: { url: proxy.url, setting: "network.proxyUrl" },
    handshake: { ok: false, error: { code: "proxy-auth", details: { reason: "credentials-missing" } } },
  });

  const given = "  proxyUsername: proxy-user\n  proxyPassword: proxy-password\n";
  const right = makeProject({ "ca.pem": certificates().ca, "stepwire.yaml": settings(given) });
  expect((await routesOf(right.folder, target.url))[0]?.handshake).toMatchObject({ ok: true });
  const opened = () => proxy.connects.filter(({ status }) => status === 200).length;
  expect(opened()).toBe(1);

  const bypass = makeProject({
    "ca.pem": certificates().ca,
    "stepwire.yaml": settings(`${given}  proxyBypassHosts: [localhost]\n`),
  });
  expect((await routesOf(bypass.folder, target.url))[0]).toMatchObject({
    proxy: null,
    proxyReason: "network.proxyBypassHosts lists it",
    handshake: { ok: true },
  });
  expect(opened()).toBe(1);
});

it("connects to nothing that may not be called", async () => {
  const target = closed(await startTarget());
  const { folder: cwd } = makeProject({ "stepwire.yaml": "network: { allowedHosts: [h.example] }" });
  const [route] = await routesOf(cwd, target.url);
  expect(route).toMatchObject({ allowed: false });
  expect(route?.handshake).toBeUndefined();
  expect(target.connections).toBe(0);
});
