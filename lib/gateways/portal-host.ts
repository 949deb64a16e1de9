import type { Actor } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";

/** Where a gateway serves. */
export interface Hosts {
  readonly domains: readonly string[];
  readonly serveOnPortal: boolean;
}

/**
 * Whether the portal's paths are out of a gateway's reach: it may meet them unless its hosts are all its own. A gateway without
 * domains serves any host.
 */
export function sharesPortalPaths({ domains, serveOnPortal }: Hosts): boolean {
  return serveOnPortal || domains.length === 0;
}

/** What an upstream answers on the portal's origin can act as the portal's people, so only a super admin lets a gateway serve there. */
export function requirePortalPower({ role, kind }: Actor): void {
  if (role !== "super_admin" && kind !== "system")
    throw new AppError("PERMISSION_DENIED", "Only a super admin decides what is served on the portal's own host.");
}
