import type { Db } from "#lib/platform/db";

/** The ids of services of a tenant, by the reference (id or small integer) they were asked for with. Unknown ones are missing. */
export async function findServicesByReference(
  db: Db,
  tenantId: string,
  references: readonly (string | number)[],
): Promise<Map<string, string>> {
  const numbers = references.map(Number).filter(Number.isInteger);
  const ids = references.map(String);
  const services = await db.service.findMany({
    where: { tenantId, OR: [{ id: { in: ids } }, { number: { in: numbers } }] },
    select: { id: true, number: true },
  });
  return new Map(services.flatMap(({ id, number }) => [[id, id] as const, [String(number), id] as const]));
}
