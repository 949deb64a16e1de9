import { invalidField } from "#lib/core/errors";
import { newId } from "#lib/core/ids";
import { recordChange } from "#lib/gateways/record-change";
import { requireGateway } from "#lib/gateways/require-gateway";
import type { Authorized, Context } from "#lib/platform/context";
import { replacePolicies } from "#lib/policies/replace-policies";
import { checkHeaders, checkPath, checkStripping, requireNoRival } from "#lib/routes/check-route";
import type { CreateRouteBody, Route } from "#lib/routes/contract";
import { insertRoute } from "#lib/routes/repository";
import { requireRoute } from "#lib/routes/require-route";
import { serializeRoute } from "#lib/routes/serialize";
import { holdService } from "#lib/services/hold-service";

/** Publishes a path pattern of a gateway to a service. It serves as soon as the gateways have heard of it: within a second. */
export async function createRoute(
  ctx: Authorized<"gateways:write">,
  gatewayId: string,
  body: CreateRouteBody,
): Promise<Route> {
  const { db, actor, now } = ctx;
  const gateway = await requireGateway(ctx, gatewayId, "forUpdate"); // or two rivals could be created at once
  const id = newId("rt");
  const stripPrefix = body.strip_prefix ?? false;
  const matching = {
    path: checkPath(body.path, gateway),
    methods: [...new Set(body.methods ?? [])],
    headers: checkHeaders(body.headers ?? []),
    priority: body.priority ?? 0,
    isActive: body.is_active ?? true,
  };
  checkStripping(matching.path, stripPrefix, "strip_prefix");
  const serviceId = await requireServiceOf(ctx, body.service_id);
  await requireNoRival(ctx, gatewayId, id, matching);

  const { headers: matchHeaders, ...stored } = matching;
  const rest = { name: body.name ?? body.path, stripPrefix, createdAt: now, updatedAt: now };
  await insertRoute(db, { ...stored, ...rest, id, tenantId: actor.tenantId, gatewayId, serviceId, matchHeaders });
  if (body.policy_ids) await replacePolicies(ctx, id, body.policy_ids);
  const after = serializeRoute(await requireRoute(ctx, { id }));
  await recordChange(ctx, { action: "route.created", targetType: "route", targetId: id, after });
  return after;
}

/** The id of the service a route is to lead to, which stays until the transaction ends. */
export async function requireServiceOf(ctx: Context, reference: string | number): Promise<string> {
  const serviceId = await holdService(ctx, reference);
  if (serviceId === undefined) throw invalidField("service_id", "is not a service of this tenant");
  return serviceId;
}
