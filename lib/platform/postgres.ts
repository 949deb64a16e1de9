import { Pool, type PoolConfig } from "pg";
import type { Env } from "#lib/platform/env";

/** The role a connection takes on: `app` is bound by row-level security to a tenant, `platform` sees all tenants. */
export type DatabaseRole = "app" | "platform";

declare module "#lib/platform/runtime" {
  interface Runtime {
    postgres: Record<DatabaseRole, Pool>;
  }
}

/**
 * Options of one pool, for pg and for Prisma's adapter alike. The role is part of the connection, so a query cannot forget
 * it; UTC because the adapter reads timestamps as if they were. Waits are bounded (milliseconds): nothing hangs on a lost server.
 */
export function poolOptions(
  env: Pick<Env, "DATABASE_URL" | "APP_DATABASE_URL" | "DATABASE_POOL_MAX">,
  role: DatabaseRole,
): PoolConfig {
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

/** Opens the two pools of a process. An idle connection that breaks is replaced by the pool; the error is for the log only. */
export function openPostgres(env: Env, onIdleError: (error: Error) => void): Record<DatabaseRole, Pool> {
  const open = (role: DatabaseRole) => {
    const pool = new Pool(poolOptions(env, role));
    pool.on("error", onIdleError);
    return pool;
  };
  return { app: open("app"), platform: open("platform") };
}
