import { accountNamed, accountsWithin, type Whose } from "#lib/accounts/accounts-within";
import type { ApiKey } from "#lib/keys/contract";
import type { Db } from "#lib/platform/db";
import { Prisma } from "../../.prisma-client/client.ts";

const withRelated = { usage: true, account: { select: { limits: true } } } as const;

export type ApiKeyRow = Prisma.ApiKeyGetPayload<{ include: typeof withRelated }>;
export type NewApiKey = Omit<Prisma.ApiKeyUncheckedCreateInput, "usage">;
export type ApiKeyChange = Omit<Prisma.ApiKeyUncheckedUpdateInput, "usage" | "id" | "tenantId" | "accountId">;

export interface ApiKeyFilter {
  status?: ApiKey["status"] | undefined;
  search?: string | undefined;
  /** Id or small integer. */
  account?: string | undefined;
  before?: { at: Date; id: string } | undefined;
}

/** Until the transaction ends, nobody else adds a key to this account. */
export async function lockAccountKeys(tx: Db, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId} FOR UPDATE`;
}

export function countApiKeys(db: Db, accountId: string): Promise<number> {
  return db.apiKey.count({ where: { accountId, deletedAt: null, status: { not: "revoked" } } });
}

/** Somebody's keys, newest first. */
export function findApiKeys(db: Db, whose: Whose, filter: ApiKeyFilter, now: Date, take: number): Promise<ApiKeyRow[]> {
  const { account, before, search } = filter;
  const conditions: Prisma.ApiKeyWhereInput[] = [
    { account: accountsWithin(whose) },
    ...(account ? [{ account: accountNamed(account) }] : []),
    ...(filter.status ? [hasStatus(filter.status, now)] : []),
    ...(search
      ? [{ OR: [{ name: { contains: search, mode: "insensitive" as const } }, { keyLast4: search.slice(-4) }] }]
      : []),
    ...(before ? [{ OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }] : []),
  ];
  return db.apiKey.findMany({
    where: { tenantId: whose.tenantId, deletedAt: null, AND: conditions },
    include: withRelated,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
}

/** Expiry is a moment, not a stored state: an active or disabled key past it reads as expired. */
function hasStatus(status: ApiKey["status"], now: Date): Prisma.ApiKeyWhereInput {
  if (status === "revoked") return { status };
  if (status === "expired") return { status: { not: "revoked" }, expiresAt: { lte: now } };
  return { status, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}

/** One of somebody's keys, by id or small integer, locked until the transaction ends when `forUpdate`. */
export async function findApiKey(
  db: Db,
  whose: Whose,
  reference: string,
  lock: "none" | "forUpdate" = "none",
): Promise<ApiKeyRow | null> {
  const number = Number(reference);
  const where = {
    tenantId: whose.tenantId,
    deletedAt: null,
    account: accountsWithin(whose),
    ...(Number.isInteger(number) ? { number } : { id: reference }),
  };
  const key = await db.apiKey.findFirst({ where, include: withRelated });
  if (!key || lock === "none") return key;
  await db.$queryRaw`SELECT id FROM api_keys WHERE id = ${key.id} FOR UPDATE`;
  return db.apiKey.findFirst({ where, include: withRelated }); // as it is now that nobody else changes it
}

export function insertApiKey(tx: Db, key: NewApiKey): Promise<ApiKeyRow> {
  return tx.apiKey.create({ data: key, include: withRelated });
}

export function changeApiKey(tx: Db, id: string, change: ApiKeyChange): Promise<ApiKeyRow> {
  return tx.apiKey.update({ where: { id }, data: change, include: withRelated });
}

/** Stored limits: null where the key has none of its own. */
export const nullLimits = Prisma.DbNull;
