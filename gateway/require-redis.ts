import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { SettingsError } from "#lib/platform/env";

export interface RequireRedisOptions {
  pool: Pool;
  bootId: string;
  logger: { warn(fields: object, message: string): void };
  /** How long an elder process may take to fall silent. */
  patienceMs?: number;
}

const patienceDefaultMs = 12_000; // a process that was killed counts as alive for 5 s after its last heartbeat
const elderEveryMs = 250;
const ownBeatEveryMs = 10;

/**
 * For a process without Redis, once its heartbeat goes: resolves when it is the only one on its database, because limits counted in
 * several memories are no limits. An elder that was killed a moment ago still looks alive, so it is given time to fall silent; one
 * that goes on is left in peace, and this one is refused with a SettingsError. Of two that start at once the elder stays.
 */
export async function requireRedisForSeveral(options: RequireRedisOptions): Promise<void> {
  const { pool, bootId, logger, patienceMs = patienceDefaultMs } = options;
  const startedMs = performance.now();
  let isTold = false;
  for (;;) {
    const elders = await countElders(pool, bootId);
    if (elders === 0) return;
    if (performance.now() - startedMs >= patienceMs) throw refusal(elders);
    if (elders !== null && !isTold) {
      isTold = true;
      logger.warn({ wait_ms: patienceMs }, "there is no Redis: waiting for another process on this database to end");
    }
    await sleep(elders === null ? ownBeatEveryMs : elderEveryMs);
  }
}

function refusal(elders: number | null): Error {
  if (elders === null) return new Error("The heartbeat of this process could not be written.");
  return new SettingsError(
    "Another Portico process works on this database, and more than one needs Redis: set REDIS_URL for each of them, or stop the other one.",
  );
}

/** Processes that started before this one and are alive; null as long as this one's own first heartbeat is not written. */
async function countElders(pool: Pool, bootId: string): Promise<number | null> {
  const { rows } = await pool.query<{ elders: number }>(
    `SELECT count(other.boot_id)::int AS elders
     FROM processes own LEFT JOIN processes other
       ON (other.started_at, other.boot_id) < (own.started_at, own.boot_id)
       AND other.stopped_at IS NULL AND other.heartbeat_at > now() - interval '5 seconds'
     WHERE own.boot_id = $1 GROUP BY own.boot_id`,
    [bootId],
  );
  return rows[0]?.elders ?? null;
}
