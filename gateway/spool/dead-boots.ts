import type { Pool } from "pg";
import { listBoots, listFiles } from "#gateway/spool/spool-folder";

interface Observation {
  state: string;
  sinceMs: number;
}

export interface DeadBootsOptions {
  pool: Pool;
  folder: string;
  /** Ours, which is not dead. */
  bootId: string;
  /** How long neither a boot's heartbeat nor its files may move before it counts as dead. */
  deadAfterMs: number;
  clockMs?: () => number;
}

/**
 * Watches the other boots of this spool folder; each call returns those that are dead. We judge by what we saw ourselves, by our
 * own monotonic clock: after an outage of PostgreSQL every heartbeat is old, and nobody is dead for that.
 */
export function watchBoots({
  pool,
  folder,
  bootId,
  deadAfterMs,
  clockMs = () => performance.now(),
}: DeadBootsOptions): () => Promise<string[]> {
  const observations = new Map<string, Observation>();
  return async () => {
    const others = listBoots(folder).filter((boot) => boot !== bootId);
    for (const boot of observations.keys()) if (!others.includes(boot)) observations.delete(boot);
    if (others.length === 0) return [];
    const processes = await readProcesses(pool, others);
    return others.filter((boot) => {
      const { heartbeat, isStopped } = processes.get(boot) ?? { heartbeat: "", isStopped: false };
      const state = `${heartbeat} ${listFiles(folder, boot).map(({ file, size }) => `${file}:${size}`)}`;
      const known = observations.get(boot);
      const seen = known?.state === state ? known : { state, sinceMs: clockMs() };
      observations.set(boot, seen);
      return isStopped || clockMs() - seen.sinceMs >= deadAfterMs;
    });
  };
}

async function readProcesses(pool: Pool, boots: readonly string[]) {
  const { rows } = await pool.query<{ boot_id: string; heartbeat: string; is_stopped: boolean }>(
    "SELECT boot_id, heartbeat_at::text AS heartbeat, stopped_at IS NOT NULL AS is_stopped FROM processes WHERE boot_id = ANY($1)",
    [boots],
  );
  return new Map(rows.map((row) => [row.boot_id, { heartbeat: row.heartbeat, isStopped: row.is_stopped }]));
}
