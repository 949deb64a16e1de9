import { recordAudit } from "#lib/audit/record-audit";
import { notFound } from "#lib/core/errors";
import { recordEvent } from "#lib/events/record-event";
import { chooseServices } from "#lib/partners/choose-services";
import type { Partner, UpdatePartnerBody } from "#lib/partners/contract";
import { getPartner } from "#lib/partners/get-partner";
import { perMinute } from "#lib/partners/per-minute";
import { changePartner, findKeyIds, findPartner, type PartnerChange, replaceGrants } from "#lib/partners/repository";
import { serializePartner } from "#lib/partners/serialize";
import { notifyChange } from "#lib/platform/changes";
import { type Authorized, authorize } from "#lib/platform/context";

/** Changes what is written and keeps the rest. Bites within a second on every key of the partner and every token made from one. */
export async function updatePartner(
  ctx: Authorized<"partners:write">,
  reference: string,
  body: UpdatePartnerBody,
): Promise<Partner> {
  const { db, actor, now } = ctx;
  const row = await findPartner(db, actor.tenantId, reference, "forUpdate");
  if (!row) throw notFound("partner");
  const before = serializePartner(row);
  const serviceIds = await chooseServices(ctx, body);
  const change = { ...changeOf(body), ...(serviceIds && { allServices: false }) };
  if (Object.keys(change).length === 0) return before;

  if (serviceIds) await replaceGrants(db, row, serviceIds, now);
  await changePartner(db, row.id, change, now);
  const after = await getPartner(authorize(ctx, "partners:read"), row.id);
  await recordAudit(db, ctx, {
    action: "partner.updated",
    targetType: "partner",
    targetId: row.id,
    accountId: row.id,
    before,
    after,
  });
  await recordEvent(db, { tenantId: row.tenantId, accountId: row.id, type: "partner.updated", data: after, now });
  await notifyChange(db, { kind: "account", id: row.id });
  for (const id of await findKeyIds(db, row.tenantId, row.id)) await notifyChange(db, { kind: "key", id });
  return after;
}

function changeOf({ name, rate_limit: rate, is_active: isActive }: UpdatePartnerBody): PartnerChange {
  return {
    ...(name !== undefined && { name }),
    ...(rate !== undefined && { limits: perMinute(rate) }),
    ...(isActive !== undefined && { status: isActive ? "active" : "suspended" }),
  };
}
