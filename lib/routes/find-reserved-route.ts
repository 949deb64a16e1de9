import type { Context } from "#lib/platform/context";
import { findCompetingRoutes } from "#lib/routes/repository";
import { reservedPrefixOf } from "#lib/routes/reserved-pattern";

/** A route of the gateway that the portal's paths would hide, if there is one. */
export async function findReservedRoute(
  { db, actor }: Context,
  gatewayId: string,
): Promise<{ name: string; path: string } | undefined> {
  const routes = await findCompetingRoutes(db, actor.tenantId, gatewayId);
  return routes.find(({ path }) => reservedPrefixOf(path) !== undefined);
}
