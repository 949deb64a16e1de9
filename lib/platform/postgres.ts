import { Pool, type PoolConfig } from "pg";
import type { Env } from "#lib/platform/env";

/** The role a connection takes on: `app` is bound by row-level security to a tenant, `platform` sees all tenants. */
export type DatabaseRole = "app" | "platform";

declare module "#lib/platform/runtime" {
  interface Runtime {
    postgres: Record<DatabaseRole, Pool>;
  }
}

type PoolSettings = Pick<Env, "DATABASE_URL" | "APP_DATABASE_URL" | "DATABASE_POOL_MAX">;

/**
 * Options of one pool, which pg and Prisma share. The role is part of the connection, so a query cannot forget
 * it; UTC because the adapter reads timestamps as if they were. Waits are bounded (milliseconds): nothing hangs on a lost server.
 */
function poolOptions(env: PoolSettings, role: DatabaseRole): PoolConfig {
  return {
    connectionString: env.APP_DATABASE_URL ?? env.DATABASE_URL,
    options: `-c role=portico_${role} -c TimeZone=UTC`,
    application_name: `portico ${role}`,
    max: env.DATABASE_POOL_MAX,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  };
}

/**
 * Opens the two pools of a process. A connection that breaks is replaced by the pool and fails the query under way; the error it
 * also emits is for the log only, but somebody has to listen, idle or in use, or it would end the process.
 */
export function openPostgres(env: PoolSettings, onBroken: (error: Error) => void): Record<DatabaseRole, Pool> {
  const open = (role: DatabaseRole) => {
    const pool = new Pool(poolOptions(env, role));
    pool.on("error", onBroken);
    pool.on("connect", (client) => client.on("error", onBroken));
    return pool;
  };
  return { app: open("app"), platform: open("platform") };
}
