import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

export type AccountRow = Prisma.AccountGetPayload<object>;

interface Filter {
  search?: string | undefined;
  kind?: string | undefined;
  before?: { at: Date; id: string } | undefined;
}

/** Accounts of a tenant within the transaction's reach, newest first. */
export function findAccounts(db: Db, tenantId: string, filter: Filter, take: number): Promise<AccountRow[]> {
  const { search, kind, before } = filter;
  return db.account.findMany({
    where: {
      tenantId,
      ...(kind && { kind }),
      ...(search && { name: { contains: search, mode: "insensitive" } }),
      ...(before && { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
}

/** One account of a tenant, by id or small integer (rules R4). */
export function findAccount(db: Db, tenantId: string, reference: string | number): Promise<AccountRow | null> {
  const number = Number(reference);
  return db.account.findFirst({
    where: { tenantId, ...(Number.isInteger(number) ? { number } : { id: String(reference) }) },
  });
}

export function findInternalAccount(db: Db, tenantId: string): Promise<AccountRow | null> {
  return db.account.findFirst({ where: { tenantId, kind: "internal" }, orderBy: { number: "asc" } });
}
