import { newId } from "#lib/core/ids";
import type { Db } from "#lib/platform/db";
import { nextNumber } from "#lib/tenants/next-number";

/**
 * Makes the tenant that people join where no other is named, with the operator's own (internal) account. Returns its id, or null
 * when there is one already: of two at once, one founds.
 */
export async function foundDefaultTenant(
  tx: Db,
  { slug, name }: { slug: string; name: string },
): Promise<string | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('portico default tenant'))`;
  if (await tx.tenant.findFirst({ where: { isDefault: true } })) return null;
  const tenantId = newId("tn");
  await tx.tenant.create({ data: { id: tenantId, slug, name, isDefault: true } });
  const number = await nextNumber(tx, tenantId, "account");
  await tx.account.create({ data: { id: newId("acct"), tenantId, kind: "internal", name, number } });
  return tenantId;
}
