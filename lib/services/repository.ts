import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

const shown = {
  targets: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
  _count: { select: { routes: true } },
} as const satisfies Prisma.ServiceInclude;

export type ServiceRow = Prisma.ServiceGetPayload<{ include: typeof shown }>;
export type TargetRow = ServiceRow["targets"][number];
export type NewService = Prisma.ServiceUncheckedCreateInput;
export type ServiceChange = Omit<Prisma.ServiceUncheckedUpdateInput, "id" | "tenantId" | "number">;
export type TargetChange = Omit<Prisma.ServiceTargetUncheckedUpdateInput, "id" | "tenantId" | "serviceId">;

interface Filter {
  search?: string | undefined;
  isActive?: boolean | undefined;
  before?: { at: Date; id: string } | undefined;
}

/** A tenant's services, newest first. */
export function findServices(db: Db, tenantId: string, filter: Filter, take: number): Promise<ServiceRow[]> {
  const { search, isActive, before } = filter;
  const has = search === undefined ? undefined : { contains: search, mode: "insensitive" as const };
  return db.service.findMany({
    where: {
      tenantId,
      ...(isActive !== undefined && { isActive }),
      AND: [
        ...(has ? [{ OR: [{ name: has }, { displayName: has }, { baseUrl: has }] }] : []),
        ...(before
          ? [{ OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }]
          : []),
      ],
    },
    include: shown,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
}

/** One service of a tenant, by id or small integer (rules R4), locked until the transaction ends when `forUpdate`. */
export async function findService(
  db: Db,
  tenantId: string,
  reference: string,
  lock: "none" | "forUpdate" = "none",
): Promise<ServiceRow | null> {
  const number = Number(reference);
  const where = { tenantId, ...(Number.isInteger(number) ? { number } : { id: reference }) };
  const service = await db.service.findFirst({ where, include: shown });
  if (!service || lock === "none") return service;
  await db.$queryRaw`SELECT id FROM services WHERE id = ${service.id} FOR UPDATE`;
  return db.service.findFirst({ where, include: shown }); // as it is now that nobody else changes it
}

export function insertService(tx: Db, service: NewService): Promise<ServiceRow> {
  return tx.service.create({ data: service, include: shown });
}

export function changeService(tx: Db, id: string, change: ServiceChange): Promise<ServiceRow> {
  return tx.service.update({ where: { id }, data: change, include: shown });
}

export async function removeService(tx: Db, id: string): Promise<void> {
  await tx.service.delete({ where: { id } });
}

export function insertTarget(tx: Db, target: Prisma.ServiceTargetUncheckedCreateInput): Promise<TargetRow> {
  return tx.serviceTarget.create({ data: target });
}

export function changeTarget(tx: Db, id: string, change: TargetChange): Promise<TargetRow> {
  return tx.serviceTarget.update({ where: { id }, data: change });
}

export async function removeTarget(tx: Db, id: string): Promise<void> {
  await tx.serviceTarget.delete({ where: { id } });
}
