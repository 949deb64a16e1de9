import type { Endpoint, ErrorFormat } from "#lib/core/endpoint";

/** How a path's refusals are written: as its operation says; where there is none, S4's own paths speak S4's format. */
export function errorFormatOf(path: string, endpoint?: Endpoint): ErrorFormat {
  if (endpoint) return endpoint.errorFormat ?? "problem";
  return /^\/(admin|auth\/token)(\/|$)/.test(path) ? "partner" : "problem";
}
