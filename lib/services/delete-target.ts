import { notFound } from "#lib/core/errors";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { removeTarget } from "#lib/services/repository";
import { requireService } from "#lib/services/require-service";
import { serializeTarget } from "#lib/services/serialize";

/** Takes an instance out of its service. Without active ones the service's base URL is called. */
export async function deleteTarget(
  ctx: Authorized<"services:write">,
  reference: string,
  targetId: string,
): Promise<void> {
  const service = await requireService(ctx, reference, "forUpdate");
  const row = service.targets.find(({ id }) => id === targetId);
  if (!row) throw notFound("target");
  await removeTarget(ctx.db, row.id);
  await recordChange(ctx, {
    action: "service_target.deleted",
    targetType: "service_target",
    targetId: row.id,
    before: { ...serializeTarget(row), service_id: service.id },
  });
}
