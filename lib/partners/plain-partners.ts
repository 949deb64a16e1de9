import type { CreatePartnerBody } from "#lib/partners/contract";
import { createPartner } from "#lib/partners/create-partner";
import { findAllPartners } from "#lib/partners/repository";
import { type PlainPartner, plainPartnerOf, serializePartner } from "#lib/partners/serialize";
import type { Authorized } from "#lib/platform/context";

/** S4's list: all partners at once, by number. */
export async function listPlainPartners({ db, actor }: Authorized<"partners:read">): Promise<PlainPartner[]> {
  const rows = await findAllPartners(db, actor.tenantId);
  return rows.map((row) => plainPartnerOf(serializePartner(row)));
}

/** `createPartner` in S4's shape. */
export async function createPlainPartner(
  ctx: Authorized<"partners:write">,
  body: CreatePartnerBody,
): Promise<PlainPartner & { api_key: string }> {
  const partner = await createPartner(ctx, body);
  return { ...plainPartnerOf(partner), api_key: partner.api_key };
}
