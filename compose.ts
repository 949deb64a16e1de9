import { openUsage } from "#gateway/spool/open-usage";
import { newId } from "#lib/core/ids";
import { openIdentity } from "#lib/identity/compose-identity";
import { openApiKeys } from "#lib/keys/verify-api-key";
import { ChangeFeed } from "#lib/platform/changes";
import type { Env } from "#lib/platform/env";
import { openLogger } from "#lib/platform/logger";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { openRedis } from "#lib/platform/redis";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { openLimitStore } from "#lib/rate-limits/open-limit-store";
import { openWorker } from "#worker/main";

/** A composed process: what stands behind `/readyz`, and how to end it. */
export interface ComposedProcess {
  readiness(): Promise<{ ready: boolean; checks: Record<string, string> }>;
  /** Ships what is spooled, then closes everything in the reverse order of opening. */
  close(): Promise<void>;
}

/** Opens everything this process's roles need and makes it the runtime. Throws when PostgreSQL cannot be reached. */
export async function composeProcess(env: Env): Promise<ComposedProcess> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).toReversed()) await closeOne();
  };
  try {
    return { readiness: await open(env, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(env: Env, closers: (() => Promise<unknown>)[]): Promise<ComposedProcess["readiness"]> {
  const logger = openLogger(env);
  const warn = (what: string) => (error: Error) => logger.warn({ err: error }, what);
  const postgres = openPostgres(env, warn("an idle database connection broke"));
  closers.push(() => Promise.all([postgres.app.end(), postgres.platform.end()]));
  const { prisma, close: closePrisma } = openPrisma(env);
  closers.push(closePrisma);
  const changes = new ChangeFeed(env, logger);
  await changes.open();
  closers.push(() => changes.close());
  composeRuntime({ env, logger, postgres, prisma, changes });

  const usage = await openUsage({ env, postgres, logger, bootId: newId("boot") });
  closers.push(() => usage.close());
  const redis = openRedis(env, warn("Redis"));
  if (redis) closers.push(async () => redis.disconnect());
  const limiter = await openLimitStore({ redis, liveProcesses: () => usage.liveProcesses(), logger });
  closers.push(() => limiter.close());
  composeRuntime({
    limiter,
    usage: usage.recorder,
    apiKeys: openApiKeys(changes),
    ...(await openIdentity({ env, postgres, changes })),
  });
  closers.push(async () => runtime().mailer?.close());

  if (env.ROLES.includes("worker")) {
    const worker = await openWorker({ env, logger });
    closers.push(() => worker.close());
  }
  return async () => {
    const database = await postgres.platform.query("SELECT 1").then(
      () => "ok",
      (error: Error) => error.message,
    );
    const spool = usage.isReady() ? "ok" : "the usage spool is over 80 % full";
    const checks = { database, changes: changes.isLive() ? "ok" : "reconnecting", spool };
    return { ready: Object.values(checks).every((state) => state === "ok"), checks };
  };
}
