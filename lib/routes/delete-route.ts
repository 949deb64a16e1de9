import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { removeRoute } from "#lib/routes/repository";
import { type RouteReference, requireRoute } from "#lib/routes/require-route";
import { serializeRoute } from "#lib/routes/serialize";

/** Takes a route out of its gateway. Calls under way end as they began. */
export async function deleteRoute(ctx: Authorized<"gateways:write">, reference: RouteReference): Promise<void> {
  const row = await requireRoute(ctx, reference, "forUpdate");
  await removeRoute(ctx.db, row.id);
  const before = serializeRoute(row);
  await recordChange(ctx, { action: "route.deleted", targetType: "route", targetId: row.id, before });
}
