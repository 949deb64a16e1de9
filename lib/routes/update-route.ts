import { recordChange } from "#lib/gateways/record-change";
import { requireGateway } from "#lib/gateways/require-gateway";
import type { Authorized } from "#lib/platform/context";
import { replacePolicies } from "#lib/policies/replace-policies";
import { checkHeaders, checkPath, checkStripping, type Matching, requireNoRival } from "#lib/routes/check-route";
import type { Route, UpdateRouteBody } from "#lib/routes/contract";
import { requireServiceOf } from "#lib/routes/create-route";
import { changeRoute, type RouteRow } from "#lib/routes/repository";
import { requireRoute } from "#lib/routes/require-route";
import { serializeRoute } from "#lib/routes/serialize";

/** Changes what is written and keeps the rest. `policy_ids` replaces all its policies. */
export async function updateRoute(
  ctx: Authorized<"gateways:write">,
  reference: { id: string; gatewayId: string },
  body: UpdateRouteBody,
): Promise<Route> {
  const gateway = await requireGateway(ctx, reference.gatewayId, "forUpdate"); // or two could become rivals at once
  const row = await requireRoute(ctx, reference, "forUpdate");
  const before = serializeRoute(row);
  if (Object.values(body).every((value) => value === undefined)) return before;

  const matching = writtenMatching(row, body);
  checkPath(matching.path, gateway);
  const stripPrefix = body.strip_prefix ?? row.stripPrefix;
  checkStripping(matching.path, stripPrefix, body.strip_prefix === undefined ? "path" : "strip_prefix");
  const serviceId = body.service_id === undefined ? row.serviceId : await requireServiceOf(ctx, body.service_id);
  await requireNoRival(ctx, gateway.id, row.id, matching);

  const { headers: matchHeaders, ...stored } = matching;
  const name = body.name ?? (row.name === row.path ? matching.path : row.name); // a name that was the path stays the path
  await changeRoute(ctx.db, row.id, { ...stored, matchHeaders, name, stripPrefix, serviceId, updatedAt: ctx.now });
  if (body.policy_ids) await replacePolicies(ctx, row.id, body.policy_ids);
  const after = serializeRoute(await requireRoute(ctx, reference));
  await recordChange(ctx, { action: "route.updated", targetType: "route", targetId: row.id, before, after });
  return after;
}

function writtenMatching(row: RouteRow, body: UpdateRouteBody): Matching {
  return {
    path: body.path ?? row.path,
    methods: body.methods ? [...new Set(body.methods)] : (row.methods as Route["methods"]),
    headers: body.headers ? checkHeaders(body.headers) : (row.matchHeaders as Route["headers"]),
    priority: body.priority ?? row.priority,
    isActive: body.is_active ?? row.isActive,
  };
}
