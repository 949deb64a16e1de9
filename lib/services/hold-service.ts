import type { Context } from "#lib/platform/context";

/**
 * The id of a service of the caller's tenant, by id or small integer, or undefined. Until the transaction ends nobody deletes it,
 * so that a route can be made to lead to it.
 */
export async function holdService({ db, actor }: Context, reference: string | number): Promise<string | undefined> {
  const number = Number(reference);
  const [service] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM services
    WHERE tenant_id = ${actor.tenantId} AND (id = ${String(reference)} OR number = ${Number.isInteger(number) ? number : 0})
    FOR KEY SHARE`;
  return service?.id;
}
