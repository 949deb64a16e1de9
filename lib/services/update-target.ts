import { notFound } from "#lib/core/errors";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import type { ServiceTarget, UpdateTargetBody } from "#lib/services/contract";
import { targetNameTaken } from "#lib/services/create-target";
import { changeTarget } from "#lib/services/repository";
import { requireService } from "#lib/services/require-service";
import { serializeTarget } from "#lib/services/serialize";
import { writtenTarget } from "#lib/services/written-service";

/** Changes what is written about an instance and keeps the rest. */
export async function updateTarget(
  ctx: Authorized<"services:write">,
  reference: string,
  targetId: string,
  body: UpdateTargetBody,
): Promise<ServiceTarget> {
  const service = await requireService(ctx, reference, "forUpdate");
  const row = service.targets.find(({ id }) => id === targetId);
  if (!row) throw notFound("target");
  const before = serializeTarget(row);
  const written = writtenTarget(body);
  if (Object.keys(written).length === 0) return before;
  const changed = changeTarget(ctx.db, row.id, written);
  const after = serializeTarget(await conflictIfTaken(changed, targetNameTaken(body.name ?? row.name)));
  await recordChange(ctx, {
    action: "service_target.updated",
    targetType: "service_target",
    targetId: row.id,
    before: { ...before, service_id: service.id },
    after: { ...after, service_id: service.id },
  });
  return after;
}
