import { rmSync } from "node:fs";
import { Redis } from "ioredis";
import { inject } from "vitest";
import { startRedis } from "#dev/redis";
import { temporaryDataFolder } from "#test/folders";

/** The URL of an emptied Redis database that no test file running at the same time uses. */
export async function createTestRedis(): Promise<string> {
  const url = new URL(inject("redisUrl"));
  url.pathname = `/${Number(process.env.VITEST_POOL_ID ?? 1) % 16}`;
  const redis = new Redis(url.href);
  await redis.flushdb();
  await redis.quit();
  return url.href;
}

export interface PrivateRedis {
  url: string;
  /** Ends the server, as an outage does. */
  stop(): Promise<void>;
  /** Starts it again, empty, at the same address. */
  restart(): Promise<void>;
  /** Stops it for good and removes its folder. */
  remove(): Promise<void>;
}

/** A Redis of its own, for tests that take it away. */
export async function createPrivateRedis(): Promise<PrivateRedis> {
  const dataDir = temporaryDataFolder();
  const start = async () => {
    const started = await startRedis({ dataDir, appendonly: false });
    if (!started) throw new Error("This test needs redis-server or valkey-server on PATH.");
    return started;
  };
  let server = await start();
  return {
    url: server.url,
    stop: () => server.stop(),
    restart: async () => {
      server = await start();
    },
    remove: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
