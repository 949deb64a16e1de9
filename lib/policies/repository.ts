import type { Db } from "#lib/platform/db";
import type { PolicyKind } from "#lib/policies/contract";
import type { Prisma } from "../../.prisma-client/client.ts";

const shown = { _count: { select: { routes: true } } } as const satisfies Prisma.PolicyInclude;

export type PolicyRow = Prisma.PolicyGetPayload<{ include: typeof shown }>;
export type PolicyChange = Omit<Prisma.PolicyUncheckedUpdateInput, "id" | "tenantId" | "kind">;

interface Filter {
  kind?: string | undefined;
  before?: { at: Date; id: string } | undefined;
}

/** A tenant's policies, newest first. */
export function findPolicies(db: Db, tenantId: string, filter: Filter, take: number): Promise<PolicyRow[]> {
  const { kind, before } = filter;
  return db.policy.findMany({
    where: {
      tenantId,
      ...(kind && { kind }),
      ...(before && { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }),
    },
    include: shown,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  });
}

/** One policy of a tenant. `forUpdate`: until the transaction ends nobody else changes it or attaches it. */
export async function findPolicy(
  db: Db,
  tenantId: string,
  id: string,
  lock: "none" | "forUpdate" = "none",
): Promise<PolicyRow | null> {
  if (lock === "forUpdate")
    await db.$queryRaw`SELECT id FROM policies WHERE tenant_id = ${tenantId} AND id = ${id} FOR UPDATE`;
  return db.policy.findFirst({ where: { tenantId, id }, include: shown });
}

export interface HeldPolicy {
  id: string;
  name: string;
  kind: PolicyKind;
}

/** Those of the policies that are the tenant's. Until the transaction ends nobody deletes them. */
export function holdPolicies(tx: Db, tenantId: string, ids: readonly string[]): Promise<HeldPolicy[]> {
  return tx.$queryRaw<HeldPolicy[]>`
    SELECT id, name, kind FROM policies WHERE tenant_id = ${tenantId} AND id = ANY (${[...ids]}) FOR KEY SHARE`;
}

export function insertPolicy(tx: Db, policy: Prisma.PolicyUncheckedCreateInput): Promise<PolicyRow> {
  return tx.policy.create({ data: policy, include: shown });
}

export function changePolicy(tx: Db, id: string, change: PolicyChange): Promise<PolicyRow> {
  return tx.policy.update({ where: { id }, data: change, include: shown });
}

export async function removePolicy(tx: Db, id: string): Promise<void> {
  await tx.policy.delete({ where: { id } });
}

/** Makes these a route's policies, in this order, and no others. */
export async function writeRoutePolicies(
  tx: Db,
  { tenantId, routeId }: { tenantId: string; routeId: string },
  policyIds: readonly string[],
): Promise<void> {
  await tx.routePolicy.deleteMany({ where: { tenantId, routeId } });
  await tx.routePolicy.createMany({
    data: policyIds.map((policyId, position) => ({ tenantId, routeId, policyId, position })),
  });
}
