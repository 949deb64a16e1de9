import ipaddr from "ipaddr.js";
import { SettingsError } from "#lib/platform/env";

type Address = ReturnType<typeof ipaddr.process>;

/** Networks whose X-Forwarded-* headers are believed. */
export type TrustedProxies = readonly (readonly [Address, number])[];

/** Who called, as far as it can be known. */
export interface ClientOrigin {
  /** Canonical text of the IP address, an IPv4-mapped one as IPv4. */
  address: string;
  proto: "http" | "https";
  host: string;
}

/** Reads addresses and CIDR networks (`10.0.0.0/8`, `::1`). Throws a SettingsError that names the wrong entry. */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies {
  return entries.map((entry) => {
    const cidr = entry.includes("/") ? entry : `${entry}/${entry.includes(":") ? 128 : 32}`;
    if (!ipaddr.isValidCIDR(cidr))
      throw new SettingsError(`TRUSTED_PROXIES: ${entry} is not an address or CIDR network.`);
    return ipaddr.parseCIDR(cidr);
  });
}

/** What a request says about where it comes from: by its socket, and by headers that anybody may write. */
interface Claims {
  host: string;
  forwardedFor: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
}

/** The caller's address, scheme and host: from the socket, or from the proxy's headers if the peer is a trusted proxy. */
export function clientOrigin(remoteAddress: string | undefined, claims: Claims, trusted: TrustedProxies): ClientOrigin {
  const peer = canonical(remoteAddress ?? "0.0.0.0");
  if (!isTrusted(peer, trusted)) return { address: peer, proto: "http", host: claims.host };
  const host = lastEntry(claims.forwardedHost);
  return {
    address: walk(peer, claims.forwardedFor, trusted),
    proto: lastEntry(claims.forwardedProto) === "https" ? "https" : "http",
    host: host && /^[\w.:[\]-]+$/.test(host) ? host : claims.host,
  };
}

/**
 * Goes through X-Forwarded-For from the right: each entry was written by the hop right of it, so it is believed as long as
 * that hop is trusted. Ends at the first address that is not a trusted proxy, or before an entry that is no address.
 */
function walk(peer: string, forwardedFor: string | undefined, trusted: TrustedProxies): string {
  let address = peer;
  for (const entry of entriesOf(forwardedFor).reverse()) {
    if (!isTrusted(address, trusted)) break;
    const parsed = parseEntry(entry);
    if (parsed === undefined) break;
    address = parsed;
  }
  return address;
}

/** `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::7` or `[2001:db8::7]:4711`. */
function parseEntry(entry: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d+$/, "$1");
  if (bare.includes(":") ? ipaddr.IPv6.isValid(bare) : ipaddr.IPv4.isValidFourPartDecimal(bare)) return canonical(bare);
  return undefined;
}

function canonical(address: string): string {
  if (!address.includes(":")) return address;
  return ipaddr.process(address).toString();
}

function isTrusted(address: string, trusted: TrustedProxies): boolean {
  if (trusted.length === 0) return false;
  const parsed = ipaddr.process(address);
  return trusted.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
}

/** The entry the nearest proxy wrote. */
function lastEntry(value: string | undefined): string | undefined {
  return entriesOf(value).at(-1)?.toLowerCase();
}

function entriesOf(value: string | undefined): string[] {
  const entries = (value ?? "").split(",");
  return entries.map((entry) => entry.trim());
}
