import { newId } from "#lib/core/ids";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import type { CreateTargetBody, ServiceTarget } from "#lib/services/contract";
import { insertTarget } from "#lib/services/repository";
import { requireService } from "#lib/services/require-service";
import { serializeTarget } from "#lib/services/serialize";
import { writtenTarget } from "#lib/services/written-service";

/** Adds an instance to a service. A name that another target of it has is a CONFLICT. */
export async function createTarget(
  ctx: Authorized<"services:write">,
  reference: string,
  body: CreateTargetBody,
): Promise<ServiceTarget> {
  const { db, actor, now } = ctx;
  const service = await requireService(ctx, reference, "forUpdate");
  const row = insertTarget(db, {
    ...writtenTarget(body),
    id: newId("tgt"),
    tenantId: actor.tenantId,
    serviceId: service.id,
    name: body.name,
    url: body.url,
    createdAt: now,
  });
  const target = serializeTarget(await conflictIfTaken(row, targetNameTaken(body.name)));
  await recordChange(ctx, {
    action: "service_target.created",
    targetType: "service_target",
    targetId: target.id,
    after: { ...target, service_id: service.id },
  });
  return target;
}

export const targetNameTaken = (name: string): string => `The service has a target named "${name}" already.`;
