import type { ServerResponse } from "node:http";

/**
 * What browsers are told about everything the portal itself answers: pages, API, files, refusals. Never about what a gateway
 * passes on: its answers are the upstream's. A page with a token in its address names a stricter referrer policy itself.
 */
export type PortalHeaders = Readonly<Record<string, string>>;

const yearSeconds = 31_536_000;

/** `publicUrl` is where the portal is reached: only over https may a browser be told to insist on https (RFC 6797 7.2). */
export function portalHeadersOf(publicUrl: string): PortalHeaders {
  return {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY", // for browsers that do not know frame-ancestors
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    ...(publicUrl.startsWith("https:") && { "strict-transport-security": `max-age=${yearSeconds}` }),
  };
}

/** Sets them on an answer that has not begun; whoever writes it may still say otherwise. */
export function setPortalHeaders(res: ServerResponse, headers: PortalHeaders): void {
  if (res.headersSent) return;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}
