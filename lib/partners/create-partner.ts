import { recordAudit } from "#lib/audit/record-audit";
import { newId } from "#lib/core/ids";
import { recordEvent } from "#lib/events/record-event";
import { createApiKey } from "#lib/keys/create-api-key";
import { chooseServices } from "#lib/partners/choose-services";
import type { CreatePartnerBody, IssuedPartner } from "#lib/partners/contract";
import { getPartner } from "#lib/partners/get-partner";
import { perMinute } from "#lib/partners/per-minute";
import { insertPartner, replaceGrants } from "#lib/partners/repository";
import { type Authorized, authorize } from "#lib/platform/context";
import { nextNumber } from "#lib/tenants/next-number";

const defaultPerMinute = 60; // rules R1

/** Makes a partner: an account with its limit and services, and its first key, whose secret is in the answer and nowhere else. */
export async function createPartner(
  ctx: Authorized<"partners:write">,
  body: CreatePartnerBody,
): Promise<IssuedPartner> {
  const { db, actor, now } = ctx;
  const { tenantId } = actor;
  const serviceIds = (await chooseServices(ctx, body)) ?? [];
  const id = newId("acct");
  await insertPartner(db, {
    id,
    tenantId,
    number: await nextNumber(db, tenantId, "account"),
    name: body.name,
    limits: perMinute(body.rate_limit ?? defaultPerMinute),
    now,
  });
  await replaceGrants(db, { tenantId, id }, serviceIds, now);
  const { key } = await createApiKey(authorize(ctx, "keys:write"), { name: body.name, account_id: id });
  const partner = await getPartner(authorize(ctx, "partners:read"), id);
  await recordAudit(db, ctx, {
    action: "partner.created",
    targetType: "partner",
    targetId: id,
    accountId: id,
    after: partner,
  });
  await recordEvent(db, { tenantId, accountId: id, type: "partner.created", data: partner, now });
  return { ...partner, api_key: key };
}
