import ipaddr from "ipaddr.js";

/** An address or CIDR range in its canonical text, or undefined. `10.0.0.1/24` is canonically `10.0.0.0/24`. */
export function canonicalRange(text: string): string | undefined {
  try {
    if (!text.includes("/"))
      return ipaddr.IPv4.isValidFourPartDecimal(text) || text.includes(":") ? canonicalAddress(text) : undefined;
    const [address, bits] = text.split("/");
    if (
      !address ||
      !/^\d{1,3}$/.test(bits ?? "") ||
      !(ipaddr.IPv4.isValidFourPartDecimal(address) || address.includes(":"))
    )
      return undefined;
    const [, length] = ipaddr.parseCIDR(text);
    const network = text.includes(":")
      ? ipaddr.IPv6.networkAddressFromCIDR(text)
      : ipaddr.IPv4.networkAddressFromCIDR(text);
    return `${network.toString()}/${length}`;
  } catch {
    return undefined;
  }
}

/** An address in its canonical text; IPv4 inside IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export function canonicalAddress(text: string): string | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : undefined;
}

/** Whether an address lies in one of the ranges (addresses or CIDR). */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => {
    if (!range.includes("/")) return parsed.toString() === range;
    const [network, bits] = ipaddr.parseCIDR(range);
    return parsed.kind() === network.kind() && parsed.match(network, bits);
  });
}

/** An IPv4 address, or the /64 of an IPv6 one: a single household holds 2^64 addresses of its network. */
export function networkOf(ipAddress: string): string {
  if (!ipaddr.isValid(ipAddress)) return ipAddress;
  const address = ipaddr.process(ipAddress); // an IPv4 address in IPv6 clothes counts as itself
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}
