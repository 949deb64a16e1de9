import { accountNamed, accountsWithin, type Whose } from "#lib/accounts/accounts-within";
import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

export type AccountRow = Prisma.AccountGetPayload<object>;

interface Filter {
  search?: string | undefined;
  kind?: string | undefined;
  before?: { at: Date; id: string } | undefined;
}

/** The accounts within somebody's reach, newest first. */
export function findAccounts(db: Db, whose: Whose, filter: Filter, take: number): Promise<AccountRow[]> {
  const { search, kind, before } = filter;
  return db.account.findMany({
    where: {
      ...(kind && { kind }),
      ...(search && { name: { contains: search, mode: "insensitive" } }),
      AND: [
        accountsWithin(whose),
        ...(before
          ? [{ OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }]
          : []),
      ],
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
}

/** One account within somebody's reach, by id or small integer (rules R4). */
export function findAccount(db: Db, whose: Whose, reference: string | number): Promise<AccountRow | null> {
  return db.account.findFirst({ where: { AND: [accountsWithin(whose), accountNamed(reference)] } });
}

export function findInternalAccount(db: Db, tenantId: string): Promise<AccountRow | null> {
  return db.account.findFirst({ where: { tenantId, kind: "internal" }, orderBy: { number: "asc" } });
}
