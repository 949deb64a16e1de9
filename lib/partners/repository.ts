import { accountNamed } from "#lib/accounts/accounts-within";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

/** A service as partners are granted it. */
export interface GrantedService {
  id: string;
  number: number;
  name: string;
}

type AccountRow = Prisma.AccountGetPayload<object>;

/** A partner's account with the services it may call, by number, and how many keys it has that are not revoked. */
export interface PartnerRow extends AccountRow {
  services: readonly GrantedService[];
  keysCount: number;
}

export type NewPartner = Pick<AccountRow, "id" | "tenantId" | "number" | "name"> & {
  limits: Prisma.InputJsonValue;
  now: Date;
};
export type PartnerChange = Pick<Prisma.AccountUncheckedUpdateInput, "name" | "limits" | "status" | "allServices">;

const granted = { id: true, number: true, name: true } as const;
const byNumber = { number: "asc" } as const;
const ofPartners = (tenantId: string): Prisma.AccountWhereInput => ({ tenantId, kind: "partner" });

export interface PartnerFilter {
  search?: string | undefined;
  before?: { at: Date; id: string } | undefined;
  take: number;
}

/** A tenant's partners, newest first. */
export async function findPartners(
  db: Db,
  tenantId: string,
  { search, before, take }: PartnerFilter,
): Promise<PartnerRow[]> {
  const accounts = await db.account.findMany({
    where: {
      ...ofPartners(tenantId),
      ...(search && { name: { contains: search, mode: "insensitive" } }),
      ...(before && { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
  return withRelated(db, tenantId, accounts);
}

/** All of a tenant's partners, by number. */
export async function findAllPartners(db: Db, tenantId: string): Promise<PartnerRow[]> {
  const accounts = await db.account.findMany({ where: ofPartners(tenantId), orderBy: byNumber });
  return withRelated(db, tenantId, accounts);
}

/** One of a tenant's partners, by id or small integer, locked until the transaction ends when `forUpdate`. */
export async function findPartner(
  db: Db,
  tenantId: string,
  reference: string,
  lock: "none" | "forUpdate" = "none",
): Promise<PartnerRow | undefined> {
  const where = { ...ofPartners(tenantId), ...accountNamed(reference) };
  if (lock === "forUpdate") {
    const named = await db.account.findFirst({ where, select: { id: true } });
    if (named) await db.$queryRaw`SELECT id FROM accounts WHERE id = ${named.id} FOR UPDATE`;
  }
  const account = await db.account.findFirst({ where });
  return account ? (await withRelated(db, tenantId, [account]))[0] : undefined;
}

async function withRelated(db: Db, tenantId: string, accounts: readonly AccountRow[]): Promise<PartnerRow[]> {
  const accountId = { in: accounts.map(({ id }) => id) };
  const grants = await db.accountService.findMany({
    where: { tenantId, accountId },
    select: { accountId: true, service: { select: granted } },
    orderBy: { service: byNumber },
  });
  const all = accounts.some(({ allServices }) => allServices) ? await findAllServices(db, tenantId) : [];
  const counts = await db.apiKey.groupBy({
    by: ["accountId"],
    where: { tenantId, accountId, deletedAt: null, status: { not: "revoked" } },
    _count: true,
  });
  const grantsOf = Map.groupBy(grants, (grant) => grant.accountId);
  return accounts.map((account) => ({
    ...account,
    services: account.allServices ? all : (grantsOf.get(account.id) ?? []).map(({ service }) => service),
    keysCount: counts.find((count) => count.accountId === account.id)?._count ?? 0,
  }));
}

function findAllServices(db: Db, tenantId: string): Promise<GrantedService[]> {
  return db.service.findMany({ where: { tenantId }, select: granted, orderBy: byNumber });
}

/** The active services a key may call, by number. */
export function findCallableServices(
  db: Db,
  { tenantId, serviceIds, accountServiceIds }: Pick<VerifiedKey, "tenantId" | "serviceIds" | "accountServiceIds">,
): Promise<GrantedService[]> {
  const bounds = [serviceIds, accountServiceIds].filter((ids) => ids !== null);
  return db.service.findMany({
    where: { tenantId, isActive: true, AND: bounds.map((ids) => ({ id: { in: [...ids] } })) },
    select: granted,
    orderBy: byNumber,
  });
}

export async function insertPartner(tx: Db, { now, ...partner }: NewPartner): Promise<void> {
  const times = { createdAt: now, updatedAt: now };
  await tx.account.create({ data: { ...partner, kind: "partner", allServices: false, ...times } });
}

export async function changePartner(tx: Db, id: string, change: PartnerChange, now: Date): Promise<void> {
  await tx.account.update({ where: { id }, data: { ...change, updatedAt: now } });
}

/** Grants exactly these services; one that was granted before keeps its date. */
export async function replaceGrants(
  tx: Db,
  { tenantId, id: accountId }: { tenantId: string; id: string },
  serviceIds: readonly string[],
  grantedAt: Date,
): Promise<void> {
  await tx.accountService.deleteMany({ where: { tenantId, accountId, serviceId: { notIn: [...serviceIds] } } });
  await tx.accountService.createMany({
    data: serviceIds.map((serviceId) => ({ tenantId, accountId, serviceId, grantedAt })),
    skipDuplicates: true,
  });
}

/** Every key of a partner whose change must be known: a revoked one is refused whatever else changes. */
export async function findKeyIds(db: Db, tenantId: string, accountId: string): Promise<string[]> {
  const keys = await db.apiKey.findMany({
    where: { tenantId, accountId, status: { not: "revoked" } },
    select: { id: true },
  });
  return keys.map(({ id }) => id);
}
