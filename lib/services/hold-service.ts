import type { Context } from "#lib/platform/context";

/** A service as others refer to it. */
export interface HeldService {
  id: string;
  number: number;
  name: string;
}

/**
 * The id of a service of the caller's tenant, by id or small integer, or undefined. Until the transaction ends nobody deletes it,
 * so that a route can be made to lead to it.
 */
export async function holdService(ctx: Context, reference: string | number): Promise<string | undefined> {
  const [service] = await holdServices(ctx, { references: [reference] });
  return service?.id;
}

/** Those services of the caller's tenant that are meant by ids, small integers or names. Until the transaction ends nobody deletes them. */
export function holdServices(
  { db, actor }: Context,
  { references = [], names = [] }: { references?: readonly (string | number)[]; names?: readonly string[] },
): Promise<HeldService[]> {
  const ids = references.map(String);
  const numbers = references.map(Number).filter(Number.isInteger);
  return db.$queryRaw<HeldService[]>`
    SELECT id, number, name FROM services
    WHERE tenant_id = ${actor.tenantId} AND (id = ANY (${ids}) OR number = ANY (${numbers}::int[]) OR name = ANY (${[...names]}))
    FOR KEY SHARE`;
}
