import { newId } from "#lib/core/ids";
import type { CreateGatewayBody, Gateway } from "#lib/gateways/contract";
import { claimDomains } from "#lib/gateways/domains";
import { requirePortalPower } from "#lib/gateways/portal-host";
import { recordChange } from "#lib/gateways/record-change";
import { insertGateway } from "#lib/gateways/repository";
import { serializeGateway } from "#lib/gateways/serialize";
import { writtenGateway } from "#lib/gateways/written-gateway";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";

/** Adds a gateway to the tenant and makes its domains the tenant's. */
export async function createGateway(ctx: Authorized<"gateways:write">, body: CreateGatewayBody): Promise<Gateway> {
  const { actor, db, now } = ctx;
  if (body.serve_on_portal) requirePortalPower(actor);
  const written = writtenGateway(body);
  const row = insertGateway(db, {
    ...written,
    id: newId("gw"),
    tenantId: actor.tenantId,
    name: body.name,
    createdAt: now,
    updatedAt: now,
  });
  const gateway = serializeGateway(await conflictIfTaken(row, gatewayNameTaken(body.name)));
  if (gateway.domains.length > 0) await claimDomains(ctx, gateway.domains);
  await recordChange(ctx, {
    action: "gateway.created",
    targetType: "gateway",
    targetId: gateway.id,
    after: gateway,
  });
  return gateway;
}

export const gatewayNameTaken = (name: string): string => `A gateway named "${name}" exists already.`;
