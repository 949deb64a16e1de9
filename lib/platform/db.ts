import type { DatabaseRole } from "#lib/platform/postgres";
import { runtime } from "#lib/platform/runtime";
import type { Prisma, PrismaClient } from "../../.prisma-client/client.ts";

/** A transaction. As a tenant's it reads and writes that tenant's rows only, whatever the query says. */
export type Db = Prisma.TransactionClient;

declare module "#lib/platform/runtime" {
  interface Runtime {
    /** Clients are made on first use: a gateway that never asks saves Prisma's memory (47 MB). */
    prisma: (role: DatabaseRole) => Promise<PrismaClient>;
  }
}

/** Whose rows a transaction may touch: one tenant, and in it every account (`*`) or one account and its customers. */
export interface Scope {
  tenantId: string;
  reach: "*" | string;
}

/** Runs `work` in one transaction that row-level security binds to the scope. Commits when it resolves. */
export async function inTenant<T>(scope: Scope, work: (tx: Db) => Promise<T>): Promise<T> {
  const client = await runtime().prisma("app");
  return client.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('portico.tenant_id', ${scope.tenantId}, true), set_config('portico.account_id', ${scope.reach}, true)`;
    return work(tx);
  });
}

/**
 * Runs `work` in one transaction that sees all tenants. For what is known before a tenant is (people, sessions, a key by its
 * hash) and for the platform's own jobs; nothing that answers a tenant's question goes through here.
 */
export async function onPlatform<T>(work: (tx: Db) => Promise<T>): Promise<T> {
  const client = await runtime().prisma("platform");
  return client.$transaction(work);
}
