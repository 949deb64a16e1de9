import { notFound } from "#lib/core/errors";
import type { Partner } from "#lib/partners/contract";
import { findPartner } from "#lib/partners/repository";
import { serializePartner } from "#lib/partners/serialize";
import type { Authorized } from "#lib/platform/context";

/** One partner by id or small integer. An account of another kind, another tenant's partner and none at all are the same answer. */
export async function getPartner({ db, actor }: Authorized<"partners:read">, reference: string): Promise<Partner> {
  const row = await findPartner(db, actor.tenantId, reference);
  if (!row) throw notFound("partner");
  return serializePartner(row);
}
