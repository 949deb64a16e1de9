import type { Authorized } from "#lib/platform/context";
import type { Route } from "#lib/routes/contract";
import { type RouteReference, requireRoute } from "#lib/routes/require-route";
import { serializeRoute } from "#lib/routes/serialize";

/** One route of a gateway. */
export async function getRoute(ctx: Authorized<"gateways:read">, reference: RouteReference): Promise<Route> {
  return serializeRoute(await requireRoute(ctx, reference));
}
