import { Redis } from "ioredis";
import type { Env } from "#lib/platform/env";

/** A lazy connection to the installation's Redis, or undefined when it has none. Others duplicate it with options of their own. */
export function openRedis(env: Pick<Env, "REDIS_URL">, onError: (error: Error) => void): Redis | undefined {
  if (env.REDIS_URL === undefined) return undefined;
  const redis = new Redis(env.REDIS_URL, { lazyConnect: true, enableAutoPipelining: true });
  redis.on("error", onError);
  return redis;
}
