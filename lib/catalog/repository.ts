import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

const serviceFields = { id: true, name: true, displayName: true, description: true } as const;

const published = {
  routes: {
    where: { isActive: true, service: { isActive: true } },
    include: {
      service: { select: serviceFields },
      policies: {
        where: { policy: { kind: "authentication" } },
        select: { policy: { select: { configuration: true } } },
      },
    },
  },
} as const satisfies Prisma.GatewayInclude;

export type PublishedGateway = Prisma.GatewayGetPayload<{ include: typeof published }>;
export type PublishedRoute = PublishedGateway["routes"][number];

/** A tenant's active gateways, or the one of this id, with their active routes to active services; by name. */
export function findPublishedGateways(db: Db, tenantId: string, id?: string): Promise<PublishedGateway[]> {
  return db.gateway.findMany({
    where: { tenantId, isActive: true, ...(id !== undefined && { id }) },
    include: published,
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
}

/** The services an account may call; null: all of its tenant's. */
export async function findAllowedServices(db: Db, tenantId: string, accountId: string): Promise<Set<string> | null> {
  const account = await db.account.findFirst({ where: { tenantId, id: accountId }, select: { allServices: true } });
  if (account?.allServices) return null;
  const granted = await db.accountService.findMany({ where: { tenantId, accountId }, select: { serviceId: true } });
  return new Set(granted.map(({ serviceId }) => serviceId));
}
