import type { Pool } from "pg";
import type { DatabaseRole } from "#lib/platform/postgres";
import type { PrismaClient } from "../../.prisma-client/client.ts";

/** Makes the process's source of Prisma clients, which share its pools; `close` disconnects those that were made. */
export function openPrisma(postgres: Record<DatabaseRole, Pool>): {
  prisma: (role: DatabaseRole) => Promise<PrismaClient>;
  close: () => Promise<void>;
} {
  const clients = new Map<DatabaseRole, Promise<PrismaClient>>();
  const connect = async (role: DatabaseRole) => {
    const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
      import("../../.prisma-client/client.ts"),
      import("@prisma/adapter-pg"),
    ]);
    return new PrismaClient({
      adapter: new PrismaPg(postgres[role]),
      transactionOptions: { maxWait: 5_000, timeout: 20_000 },
    });
  };
  return {
    prisma(role) {
      const made = clients.get(role) ?? connect(role);
      clients.set(role, made);
      return made;
    },
    async close() {
      await Promise.all([...clients.values()].map(async (client) => (await client).$disconnect()));
    },
  };
}
