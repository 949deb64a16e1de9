import { releaseDomains } from "#lib/gateways/domains";
import { recordChange } from "#lib/gateways/record-change";
import { removeGateway } from "#lib/gateways/repository";
import { requireGateway } from "#lib/gateways/require-gateway";
import { serializeGateway } from "#lib/gateways/serialize";
import type { Authorized } from "#lib/platform/context";

/** Deletes a gateway with its routes, and gives its domains up. */
export async function deleteGateway(ctx: Authorized<"gateways:write">, id: string): Promise<void> {
  const row = await requireGateway(ctx, id, "forUpdate");
  await removeGateway(ctx.db, id);
  if (row.domains.length > 0) await releaseDomains(ctx);
  const before = serializeGateway(row);
  await recordChange(ctx, { action: "gateway.deleted", targetType: "gateway", targetId: id, before });
}
