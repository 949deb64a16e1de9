import { AppError } from "#lib/core/errors";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { removeService } from "#lib/services/repository";
import { requireService } from "#lib/services/require-service";
import { serializeService } from "#lib/services/serialize";

/** Deletes a service, its targets and what was granted on it. Refused while routes lead to it. */
export async function deleteService(ctx: Authorized<"services:write">, reference: string): Promise<void> {
  const row = await requireService(ctx, reference, "forUpdate"); // or a route could be made to lead to it meanwhile
  const before = serializeService(row);
  if (before.routes_count > 0) throw new AppError("CONFLICT", stillUsed(before.routes_count));
  await removeService(ctx.db, row.id);
  await recordChange(ctx, { action: "service.deleted", targetType: "service", targetId: row.id, before });
}

const stillUsed = (count: number) =>
  count === 1
    ? "A route leads to this service. Delete it, or have it lead elsewhere, first."
    : `${count} routes lead to this service. Delete them, or have them lead elsewhere, first.`;
