import type { InputOf } from "#lib/core/endpoint";
import { badCursor, decodeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import { requireGateway } from "#lib/gateways/require-gateway";
import type { Authorized } from "#lib/platform/context";
import type { listRoutes as contract, Route } from "#lib/routes/contract";
import { type CompetingRoute, findCompetingRoutes, findRoutesById } from "#lib/routes/repository";
import { compareRoutes, type OrderedRoute } from "#lib/routes/route-order";
import { serializeRoute } from "#lib/routes/serialize";

/** A gateway's routes, in the order in which it tries them. */
export async function listRoutes(
  ctx: Authorized<"gateways:read">,
  gatewayId: string,
  { search, service_id: service, cursor, limit }: InputOf<typeof contract>["query"],
): Promise<Page<Route>> {
  const { db, actor } = ctx;
  await requireGateway(ctx, gatewayId);
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const routes = await findCompetingRoutes(db, actor.tenantId, gatewayId, { search, service });
  const ordered = routes.map(orderedRoute).sort(compareRoutes);
  const rest = after ? ordered.filter((route) => compareRoutes(route, after) > 0) : ordered;
  const shown = page(rest.slice(0, limit + 1), limit, cursorOf, ({ id }) => id);
  const rows = new Map((await findRoutesById(db, actor.tenantId, shown.data)).map((row) => [row.id, row]));
  return { ...shown, data: shown.data.flatMap((id) => rows.get(id) ?? []).map(serializeRoute) };
}

const orderedRoute = ({ matchHeaders, ...route }: CompetingRoute): OrderedRoute => ({
  ...route,
  headers: matchHeaders as unknown[],
});

const cursorOf = ({ priority, path, headers, id }: OrderedRoute) => encodeCursor([priority, path, headers.length, id]);

function positionOf(cursor: string): OrderedRoute {
  const [priority, path, length, id] = decodeCursor(cursor, 4);
  if (typeof priority !== "number" || typeof path !== "string" || typeof length !== "number" || typeof id !== "string")
    throw badCursor();
  return { priority, path, headers: { length }, id };
}
