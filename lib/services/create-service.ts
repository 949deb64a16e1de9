import { newId } from "#lib/core/ids";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import type { CreateServiceBody, Service } from "#lib/services/contract";
import { insertService } from "#lib/services/repository";
import { serializeService } from "#lib/services/serialize";
import { writtenService } from "#lib/services/written-service";
import { nextNumber } from "#lib/tenants/next-number";

/** Adds an upstream API to the tenant. A name that another service has is a CONFLICT. */
export async function createService(ctx: Authorized<"services:write">, body: CreateServiceBody): Promise<Service> {
  const { actor, db, now } = ctx;
  const row = insertService(db, {
    displayName: body.name,
    ...writtenService(body),
    id: newId("svc"),
    tenantId: actor.tenantId,
    number: await nextNumber(db, actor.tenantId, "service"),
    name: body.name,
    baseUrl: body.base_url,
    createdAt: now,
    updatedAt: now,
  });
  const service = serializeService(await conflictIfTaken(row, serviceNameTaken(body.name)));
  await recordChange(ctx, {
    action: "service.created",
    targetType: "service",
    targetId: service.id,
    after: service,
  });
  return service;
}

export const serviceNameTaken = (name: string): string => `A service named "${name}" exists already.`;
