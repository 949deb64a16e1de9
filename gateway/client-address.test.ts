import { describe, expect, it } from "vitest";
import { clientOrigin, parseTrustedProxies } from "#gateway/client-address";

/** Peer and headers as `clientOrigin` is given them. */
function originOf(peer: string, headers: Record<string, string>, trusted = proxies) {
  const claims = {
    host: "portal.example",
    forwardedFor: headers["x-forwarded-for"],
    forwardedProto: headers["x-forwarded-proto"],
    forwardedHost: headers["x-forwarded-host"],
  };
  return clientOrigin(peer, claims, trusted);
}

const proxies = parseTrustedProxies(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);

describe("from a peer that is no trusted proxy", () => {
  const spoofed = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "evil.example",
    forwarded: "for=203.0.113.7",
    "x-real-ip": "203.0.113.7",
  };

  it.each([
    ["198.51.100.9", "198.51.100.9"],
    ["::ffff:198.51.100.9", "198.51.100.9"],
    ["2001:db8:0:0:0:0:0:7", "2001:db8::7"],
  ])("%s is known as %s, whatever its headers say", (peer, address) => {
    expect(originOf(peer, spoofed)).toEqual({ address, proto: "http", host: "portal.example" });
  });

  it("nobody is trusted by default", () => {
    expect(originOf("127.0.0.1", spoofed, []).address).toBe("127.0.0.1");
  });
});

describe("from a trusted proxy", () => {
  it.each([
    ["one hop", "203.0.113.7", "203.0.113.7"],
    ["trusted hops on the right are walked through", "203.0.113.7, 10.1.1.1, 10.2.2.2", "203.0.113.7"],
    [
      "what stands left of the first stranger was written by the stranger",
      "127.0.0.1, 203.0.113.7, 10.1.1.1",
      "203.0.113.7",
    ],
    ["all hops are ours", "10.9.9.9, 10.1.1.1", "10.9.9.9"],
    ["a port is dropped", "203.0.113.7:4711", "203.0.113.7"],
    ["an IPv6 address in brackets", "[2001:db8::7]:4711", "2001:db8::7"],
    ["an IPv4-mapped address is IPv4", "::ffff:203.0.113.7", "203.0.113.7"],
    ["rubbish ends the walk at the hop that sent it", "203.0.113.7, unknown, 10.1.1.1", "10.1.1.1"],
    ["no octal or short addresses", "0177.0.0.1", "10.0.0.2"],
    ["no header", "", "10.0.0.2"],
  ])("%s", (_, forwardedFor, address) => {
    expect(originOf("10.0.0.2", { "x-forwarded-for": forwardedFor }).address).toBe(address);
  });

  it("scheme and host are what the nearest proxy wrote", () => {
    const headers = { "x-forwarded-proto": "http, https", "x-forwarded-host": "evil.example, api.example:8443" };
    expect(originOf("fd00::1", headers)).toMatchObject({ proto: "https", host: "api.example:8443" });
  });

  it("a host that is none is ignored", () => {
    const headers = { "x-forwarded-host": "evil.example/<script>" };
    expect(originOf("::ffff:10.0.0.2", headers).host).toBe("portal.example");
  });
});

it("a wrong entry of TRUSTED_PROXIES is named", () => {
  expect(() => parseTrustedProxies(["10.0.0.0/8", "10.0.0.0/99"])).toThrow("TRUSTED_PROXIES: 10.0.0.0/99");
  expect(() => parseTrustedProxies(["proxy.internal"])).toThrow("proxy.internal");
});
