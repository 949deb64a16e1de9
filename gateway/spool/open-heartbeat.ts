import type { Pool } from "pg";
import { repeat } from "#gateway/spool/repeat";

export interface HeartbeatOptions {
  pool: Pool;
  bootId: string;
  roles: readonly string[];
  /** Every event of this process before this moment is in PostgreSQL. */
  shippedUntil: () => Date | null;
  onError: (error: unknown) => void;
  intervalMs?: number;
}

export interface Heartbeat {
  /** How many processes of the cluster answered within the last seconds, this one included: at least 1. */
  liveProcesses(): number;
  /** Says that this process is gone, so that nobody waits for it. */
  close(): Promise<void>;
}

const intervalDefaultMs = 1_000;

/** Keeps this process's row in `processes`: alive once a second, and up to when its usage is shipped. */
export function openHeartbeat({
  pool,
  bootId,
  roles,
  shippedUntil,
  onError,
  intervalMs = intervalDefaultMs,
}: HeartbeatOptions): Heartbeat {
  let live = 1;
  const beating = repeat(
    async () => {
      const { rows } = await pool.query<{ live: number }>(
        `WITH beat AS (
           INSERT INTO processes (boot_id, roles, shipped_until) VALUES ($1, $2, $3)
           ON CONFLICT (boot_id) DO UPDATE SET heartbeat_at = now(), shipped_until = excluded.shipped_until, stopped_at = NULL)
         SELECT count(*)::int + 1 AS live FROM processes
         WHERE boot_id <> $1 AND stopped_at IS NULL AND heartbeat_at > now() - interval '5 seconds'`,
        [bootId, roles, shippedUntil()],
      );
      live = rows[0]?.live ?? 1;
    },
    { intervalMs: () => intervalMs, pauseMaxMs: intervalMs, onError },
  );
  return {
    liveProcesses: () => live,
    async close() {
      await beating.stop();
      await pool
        .query("UPDATE processes SET stopped_at = now(), shipped_until = $2 WHERE boot_id = $1", [
          bootId,
          shippedUntil(),
        ])
        .catch(onError);
    },
  };
}
