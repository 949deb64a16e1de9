import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

const shown = {
  service: { select: { name: true } },
  policies: { select: { policy: { select: { id: true, name: true, kind: true } } }, orderBy: { position: "asc" } },
} as const satisfies Prisma.RouteInclude;

const competing = {
  id: true,
  name: true,
  path: true,
  methods: true,
  matchHeaders: true,
  priority: true,
  isActive: true,
} as const satisfies Prisma.RouteSelect;

export type RouteRow = Prisma.RouteGetPayload<{ include: typeof shown }>;
/** What of a route decides which requests it gets. */
export type CompetingRoute = Prisma.RouteGetPayload<{ select: typeof competing }>;
export type NewRoute = Prisma.RouteUncheckedCreateInput;
export type RouteChange = Omit<Prisma.RouteUncheckedUpdateInput, "id" | "tenantId" | "gatewayId" | "policies">;

interface Filter {
  search?: string | undefined;
  /** Id or small integer. */
  service?: string | undefined;
}

/** A gateway's routes, in no order, in as much as decides their order and what they match. */
export function findCompetingRoutes(
  db: Db,
  tenantId: string,
  gatewayId: string,
  filter: Filter = {},
): Promise<CompetingRoute[]> {
  const { search, service } = filter;
  const has = search === undefined ? undefined : { contains: search, mode: "insensitive" as const };
  const number = Number(service);
  return db.route.findMany({
    where: {
      tenantId,
      gatewayId,
      ...(has && { OR: [{ name: has }, { path: has }] }),
      ...(service !== undefined && { service: Number.isInteger(number) ? { number } : { id: service } }),
    },
    select: competing,
  });
}

/** Routes by their ids, in no order. */
export function findRoutesById(db: Db, tenantId: string, ids: string[]): Promise<RouteRow[]> {
  return db.route.findMany({ where: { tenantId, id: { in: ids } }, include: shown });
}

/** One route of a tenant, of the gateway if one is named. `forUpdate`: until the transaction ends its policies stay, too. */
export async function findRoute(
  db: Db,
  where: { tenantId: string; gatewayId?: string; id: string },
  lock: "none" | "forUpdate" = "none",
): Promise<RouteRow | null> {
  if (lock === "forUpdate")
    await db.$queryRaw`SELECT id FROM routes WHERE tenant_id = ${where.tenantId} AND id = ${where.id} FOR UPDATE`;
  return db.route.findFirst({ where, include: shown });
}

export async function insertRoute(tx: Db, route: NewRoute): Promise<void> {
  await tx.route.create({ data: route });
}

export async function changeRoute(tx: Db, id: string, change: RouteChange): Promise<void> {
  await tx.route.update({ where: { id }, data: change });
}

export async function removeRoute(tx: Db, id: string): Promise<void> {
  await tx.route.delete({ where: { id } });
}
