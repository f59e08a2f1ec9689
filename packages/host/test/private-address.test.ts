import type { LookupAddress } from "node:dns";
import { Agent as HttpAgent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { StepwireError } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { createAllowList } from "../src/allow-list.ts";
import { classifyAddress, createAddressGuard } from "../src/private-address.ts";

describe("classifyAddress", () => {
  it.each(
    [
      ["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "172.16.0.1", "172.31.255.255", "192.0.0.8"],
      ["192.168.1.1", "198.18.0.1", "198.19.255.255", "203.0.113.9", "224.0.0.1", "255.255.255.255", "192.88.99.1"],
      ["::", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::7f00:1", "::ffff:0:127.0.0.1"],
      ["64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "100::1"],
      [
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::255",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
      ],
      ["", "localhost", "300.1.1.1", "::1::"],
    ].flat(),
  )("%s is private", (ip) => {
    expect(classifyAddress(ip)).toBe("private");
  });

  it.each(
    [
      ["169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254", "FD00:0EC2::0254"],
      ["::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::169.254.169.254"],
    ].flat(),
  )("%s is link-local or metadata", (ip) => {
    expect(classifyAddress(ip)).toBe("link-local");
  });

  it.each(
    [
      ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.167.1.1", "223.255.255.255", "11.0.0.1"],
      [
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
        "2d00:ec2::254",
      ],
    ].flat(),
  )("%s is public", (ip) => {
    expect(classifyAddress(ip)).toBe("public");
  });
});

const failure = (run: () => unknown): StepwireError | undefined => {
  try {
    run();
  } catch (error) {
    if (StepwireError.is(error)) return error;
    throw error;
  }
  return undefined;
};

describe("checkLiteral", () => {
  const refused = (url: string, denyPrivateAddresses: boolean, entries = ["*"]): string | undefined =>
    failure(() =>
      createAddressGuard({ denyPrivateAddresses, allowList: createAllowList(entries) }).checkLiteral(new URL(url)),
    )?.code;

  it.each([
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "0.0.0.0",
    "[::]",
    "[::ffff:127.0.0.1]",
    "127.8.8.8",
    "[::1]",
    "10.0.0.1",
  ])("refuses http://%s if private addresses are denied", (host) => {
    expect(refused(`http://${host}/`, true)).toBe("private-address-blocked");
    expect(refused(`http://${host}/`, false)).toBeUndefined();
  });

  it("refuses metadata addresses in either case, unless written out", () => {
    for (const url of [
      "http://169.254.169.254/latest/meta-data",
      "http://[fd00:ec2::254]/",
      "http://[fe80::1]/",
      "http://2852039166/",
    ]) {
      for (const deny of [true, false]) {
        expect(refused(url, deny)).toBe("private-address-blocked");
        expect(refused(url, deny, ["*", new URL(url).hostname])).toBeUndefined();
      }
    }
    expect(refused("http://169.254.169.254:81/", false, ["169.254.169.254:80", "*"])).toBe("private-address-blocked");
  });

  it("leaves names and public addresses alone", () => {
    expect(refused("http://localhost/", true)).toBeUndefined();
    expect(refused("http://1.1.1.1/", true)).toBeUndefined();
    expect(refused("http://[2606:4700::1111]/", true)).toBeUndefined();
  });
});

describe("lookup", () => {
  type Answer = { error: NodeJS.ErrnoException | null; address: string | LookupAddress[]; family: number | undefined };
  const look = (
    addresses: string[],
    options: { deny?: boolean; entries?: string[]; all?: boolean; host?: string; fails?: NodeJS.ErrnoException } = {},
  ): Answer => {
    const { deny = true, entries = ["*"], all = true, host = "db.example.com", fails } = options;
    const guard = createAddressGuard({
      denyPrivateAddresses: deny,
      allowList: createAllowList(entries),
      resolve: (_host, given, callback) => {
        expect(given.all).toBe(true);
        callback(
          fails ?? null,
          addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
        );
      },
    });
    let answer: Answer | undefined;
    guard.lookup(host, { all }, (error, address, family) => {
      answer = { error, address, family };
    });
    if (answer === undefined) throw new Error("it did not answer");
    return answer;
  };

  it("drops forbidden addresses and answers both forms", () => {
    expect(look(["10.0.0.1", "1.1.1.1", "::1", "2606:4700::1111"])).toMatchObject({
      error: null,
      address: [
        { address: "1.1.1.1", family: 4 },
        { address: "2606:4700::1111", family: 6 },
      ],
    });
    expect(look(["10.0.0.1", "1.1.1.1"], { all: false })).toEqual({ error: null, address: "1.1.1.1", family: 4 });
  });

  it("fails with an error of ours when none is left", () => {
    const { error } = look(["10.0.0.1", "127.0.0.1"]);
    expect(StepwireError.is(error)).toBe(true);
    expect(error).toMatchObject({
      code: "private-address-blocked",
      retryable: false,
      details: { host: "db.example.com", address: "10.0.0.1" },
    });
    expect(error?.message).toContain("network.allowedHosts");
  });

  it("passes an empty answer and a failure on as failures", () => {
    expect(look([]).error).toMatchObject({ code: "ENOTFOUND" });
    const fails = Object.assign(new Error("again"), { code: "EAI_AGAIN" });
    expect(look([], { fails }).error).toBe(fails);
  });

  it.each<[string[], boolean]>([
    [["*"], false],
    [["*.example.com"], false],
    [["*", "DB.example.com"], true],
    [["*", "10.0.0.1"], true],
    [["db.example.com:443"], true],
    [["*", "db.example.com:443"], false],
  ])("with allowedHosts %j lets a private address through: %s", (entries, through) => {
    expect(look(["10.0.0.1"], { entries }).error === null).toBe(through);
  });

  it("refuses metadata addresses even where private ones are allowed", () => {
    expect(look(["10.0.0.1"], { deny: false }).error).toBeNull();
    expect(look(["169.254.169.254", "fe80::1"], { deny: false }).error).toMatchObject({
      code: "private-address-blocked",
    });
    expect(look(["169.254.169.254"], { deny: false, entries: ["db.example.com"] }).error).toBeNull();
  });

  it("keeps Node from dialling, and hands the error on", async () => {
    const server = createServer((_request, response) => response.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (entries: string[]): Promise<string> =>
      new Promise((resolve) => {
        const { lookup } = createAddressGuard({ denyPrivateAddresses: true, allowList: createAllowList(entries) });
        const agent = new HttpAgent({ lookup });
        get({ host: "localhost", port, agent }, (response) => {
          response.resume();
          resolve("reached");
        }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
      });
    expect(await ask(["*"])).toBe("private-address-blocked");
    expect(await ask(["localhost"])).toBe("reached");
    server.closeAllConnections();
    server.close();
  });
});
