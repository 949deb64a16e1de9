import type { Env } from "#lib/platform/env";

/**
 * Where a gateway's routes are called, without a slash at its end: on the portal if it serves there, else at its first domain,
 * else on the gateway's own port. Behind https there is a proxy that knows the port; plain http is called on the gateway's.
 */
export function baseUrlOf(
  gateway: { domains: readonly string[]; serveOnPortal: boolean },
  { PUBLIC_URL, GATEWAY_PORT }: Pick<Env, "PUBLIC_URL" | "GATEWAY_PORT">,
): string {
  if (gateway.serveOnPortal) return PUBLIC_URL;
  const { protocol, hostname } = new URL(PUBLIC_URL);
  const [domain] = gateway.domains;
  if (domain !== undefined) return protocol === "https:" ? `https://${domain}` : `http://${domain}:${GATEWAY_PORT}`;
  return `http://${hostname}:${GATEWAY_PORT}`;
}
