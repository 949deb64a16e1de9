import { GatewayMetrics } from "#gateway/gateway-metrics";
import { addProcessMetrics, countDecisions } from "#gateway/process-metrics";
import { openReadiness, type Readiness } from "#gateway/readiness";
import { requireRedisForSeveral } from "#gateway/require-redis";
import { openUsage } from "#gateway/spool/open-usage";
import { newId } from "#lib/core/ids";
import { openIdentity } from "#lib/identity/compose-identity";
import { openKeyCaches } from "#lib/keys/key-caches";
import { VerifiedTokens } from "#lib/partners/verified-tokens";
import { ChangeFeed } from "#lib/platform/changes";
import { type Closer, closeAll } from "#lib/platform/close-all";
import type { Env } from "#lib/platform/env";
import { openLogger } from "#lib/platform/logger";
import { openMetrics } from "#lib/platform/metrics";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { openRedis } from "#lib/platform/redis";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { openLimitStore } from "#lib/rate-limits/open-limit-store";

/** A composed process: what stands behind `/readyz`, and how to end it. */
export interface ComposedProcess {
  readiness(): Promise<Readiness>;
  /** Ships what is spooled, then closes everything in the reverse order of opening. Rejects at the end with all that failed. */
  close(): Promise<void>;
}

/**
 * Opens everything this process's roles need and makes it the runtime. Throws when PostgreSQL cannot be reached, and a
 * SettingsError when another process works on the same database and there is no Redis to count limits together. Every line of
 * its log carries what it is `loggedWith`.
 */
export async function composeProcess(env: Env, loggedWith: object = {}): Promise<ComposedProcess> {
  const closers: Closer[] = [];
  try {
    return { readiness: await open(env, closers, loggedWith), close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers).catch(() => undefined); // why it could not start matters more
    throw error;
  }
}

async function open(env: Env, closers: Closer[], loggedWith: object): Promise<ComposedProcess["readiness"]> {
  const logger = openLogger(env).child(loggedWith);
  const warn = (what: string) => (error: Error) => logger.warn({ err: error }, what);
  const postgres = openPostgres(env, warn("an idle database connection broke"));
  closers.push(() => Promise.all([postgres.app.end(), postgres.platform.end()]));
  const { prisma, close: closePrisma } = openPrisma(postgres);
  closers.push(closePrisma);
  const changes = new ChangeFeed(env, logger);
  await changes.open();
  closers.push(() => changes.close());
  const metrics = openMetrics({ withDefaults: env.METRICS_ENABLED });
  const gatewayMetrics = new GatewayMetrics();
  gatewayMetrics.addTo(metrics);
  composeRuntime({ env, logger, postgres, prisma, changes, metrics, gatewayMetrics });

  const bootId = newId("boot");
  const usage = openUsage({ env, postgres, logger, bootId });
  closers.push(() => usage.close());
  if (!env.REDIS_URL) await requireRedisForSeveral({ pool: postgres.platform, bootId, logger });
  const redis = openRedis(env, warn("Redis"));
  if (redis) closers.push(() => redis.disconnect());
  const limiter = await openLimitStore({ redis, liveProcesses: () => usage.liveProcesses(), logger });
  closers.push(() => limiter.close());
  composeRuntime({
    limiter: countDecisions(limiter, gatewayMetrics),
    usage: usage.recorder,
    ...openKeyCaches(changes),
    partnerTokens: new VerifiedTokens(),
    ...(await openIdentity({ env, postgres, changes })),
  });
  closers.push(() => runtime().mailer?.close());
  addProcessMetrics(metrics, { usage, apiKeys: runtime().apiKeys });

  if (env.ROLES.includes("worker")) {
    const { openWorker } = await import("#worker/main"); // gateways start without the queue and its jobs
    const worker = await openWorker({ env, logger });
    closers.push(() => worker.close());
  }
  return openReadiness({
    checks: {
      database: () => postgres.platform.query("SELECT 1").then(() => "ok"),
      changes: () => (changes.isLive() ? "ok" : "reconnecting"),
      spool: () => (usage.isReady() ? "ok" : "nearly full"),
    },
    logger,
    nowMs: () => performance.now(),
  });
}
