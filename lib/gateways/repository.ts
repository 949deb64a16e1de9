import type { Db } from "#lib/platform/db";
import { Prisma } from "../../.prisma-client/client.ts";

const shown = { _count: { select: { routes: true } } } as const satisfies Prisma.GatewayInclude;

export type GatewayRow = Prisma.GatewayGetPayload<{ include: typeof shown }>;
export type GatewayChange = Omit<Prisma.GatewayUncheckedUpdateInput, "id" | "tenantId">;

interface Filter {
  search?: string | undefined;
  before?: { at: Date; id: string } | undefined;
}

/** A tenant's gateways, newest first. */
export function findGateways(db: Db, tenantId: string, filter: Filter, take: number): Promise<GatewayRow[]> {
  const { search, before } = filter;
  const conditions: Prisma.GatewayWhereInput[] = [
    ...(search
      ? [
          {
            OR: [
              { name: { contains: search, mode: "insensitive" as const } },
              { domains: { has: search.toLowerCase() } },
            ],
          },
        ]
      : []),
    ...(before ? [{ OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }] : []),
  ];
  return db.gateway.findMany({
    where: { tenantId, AND: conditions },
    include: shown,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
}

/** One gateway of a tenant. `forUpdate`: until the transaction ends nobody else changes it or its routes. */
export async function findGateway(
  db: Db,
  tenantId: string,
  id: string,
  lock: "none" | "forUpdate" = "none",
): Promise<GatewayRow | null> {
  if (lock === "forUpdate")
    await db.$queryRaw`SELECT id FROM gateways WHERE tenant_id = ${tenantId} AND id = ${id} FOR UPDATE`;
  return db.gateway.findFirst({ where: { tenantId, id }, include: shown });
}

export function insertGateway(tx: Db, gateway: Prisma.GatewayUncheckedCreateInput): Promise<GatewayRow> {
  return tx.gateway.create({ data: gateway, include: shown });
}

export function changeGateway(tx: Db, id: string, change: GatewayChange): Promise<GatewayRow> {
  return tx.gateway.update({ where: { id }, data: change, include: shown });
}

/** With its routes and what was attached to them. */
export async function removeGateway(tx: Db, id: string): Promise<void> {
  await tx.gateway.delete({ where: { id } });
}

/** Until the transaction ends nobody else claims or releases domains for the tenant. */
export async function lockDomains(tx: Db, tenantId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`portico domains ${tenantId}`}, 0))`;
}

/** Makes domains the tenant's where they are nobody's. Returns those that are the tenant's now. */
export async function claimDomainNames(tx: Db, tenantId: string, names: readonly string[]): Promise<string[]> {
  const sorted = [...names].sort(); // so that two tenants with the same two names do not wait for each other
  await tx.gatewayDomain.createMany({ data: sorted.map((name) => ({ name, tenantId })), skipDuplicates: true });
  const owned = await tx.gatewayDomain.findMany({ where: { tenantId, name: { in: sorted } }, select: { name: true } });
  return owned.map(({ name }) => name);
}

/** Gives up the domains no gateway of the tenant has any more. */
export async function releaseUnusedDomains(tx: Db, tenantId: string): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM gateway_domains d WHERE tenant_id = ${tenantId}
    AND NOT EXISTS (SELECT FROM gateways g WHERE g.tenant_id = d.tenant_id AND d.name = ANY (g.domains))`;
}

/** Stored CORS: null where the gateway has none. */
export const noCors = Prisma.DbNull;
