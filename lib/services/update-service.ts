import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import type { Service, UpdateServiceBody } from "#lib/services/contract";
import { serviceNameTaken } from "#lib/services/create-service";
import { changeService } from "#lib/services/repository";
import { requireService } from "#lib/services/require-service";
import { serializeService } from "#lib/services/serialize";
import { writtenService } from "#lib/services/written-service";

/** Changes what is written and keeps the rest: absent keeps, null clears. */
export async function updateService(
  ctx: Authorized<"services:write">,
  reference: string,
  body: UpdateServiceBody,
): Promise<Service> {
  const row = await requireService(ctx, reference, "forUpdate");
  const before = serializeService(row);
  const written = writtenService(body);
  if (Object.keys(written).length === 0) return before;
  const changed = changeService(ctx.db, row.id, { ...written, updatedAt: ctx.now });
  const after = serializeService(await conflictIfTaken(changed, serviceNameTaken(body.name ?? row.name)));
  await recordChange(ctx, { action: "service.updated", targetType: "service", targetId: row.id, before, after });
  return after;
}
