import type { Actor } from "#lib/core/actor";
import type { Prisma } from "../../.prisma-client/client.ts";

/** Whose things a query may return: a tenant's, and in it those of every account or of one and its customers. */
export type Whose = Pick<Actor, "tenantId" | "reach">;

/** The accounts within reach, as a condition on accounts. Row-level security says the same again behind it. */
export function accountsWithin({ tenantId, reach }: Whose): Prisma.AccountWhereInput {
  return reach === "*" ? { tenantId } : { tenantId, OR: [{ id: reach }, { parentId: reach }] };
}

/** One account by id or small integer (rules R4), as a condition. */
export function accountNamed(reference: string | number): Prisma.AccountWhereInput {
  const number = Number(reference);
  return Number.isInteger(number) ? { number } : { id: String(reference) };
}
