import type { Pool, PoolClient } from "pg";
import { latencyBucketCount } from "#lib/usage/latency-histogram";
import { addToRollups, rollupKey } from "#lib/usage/store-sums";

/** Held shared by who ships, exclusively by who folds: a fold never misses a sum that is being written. */
export const lockFoldShared = "SELECT pg_advisory_xact_lock_shared(hashtext('portico.usage_fold'))";

/** A minute is folded this long after it ended: nearly everything of it has been shipped by then. */
const graceSeconds = 60;

const amounts = ["requests", "unrecorded", "errors", "credits", "request_bytes", "response_bytes", "latency_us"];
const dimensions = rollupKey.filter((name) => name !== "period" && name !== "bucket_at").join(", ");
const summed = amounts.map((name) => `sum(${name})::bigint`).join(", ");
const histogram = Array.from(
  { length: latencyBucketCount },
  (_, at) => `sum(latency_histogram[${at + 1}])::bigint`,
).join(", ");

/**
 * Adds the sums of minutes that have ended to those of their hours and days, once each, in one transaction. Returns how far that is
 * now; null when somebody else does it at the moment.
 */
export async function foldMinutes(pool: Pool): Promise<Date | null> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN; SET LOCAL lock_timeout = '5s'");
    const until = (await isAlone(client)) ? await fold(client) : null;
    await client.query("COMMIT");
    client.release();
    return until;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function isAlone(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ alone: boolean }>(
    "SELECT pg_try_advisory_xact_lock(hashtext('portico.usage_folder')) AS alone",
  );
  return rows[0]?.alone === true;
}

interface FoldRange {
  from: Date;
  until: Date;
}

async function fold(client: PoolClient): Promise<Date | null> {
  const { rows } = await client.query<FoldRange>(
    `SELECT folded_until AS from, date_trunc('minute', now() - interval '${graceSeconds} seconds') AS until FROM usage_fold`,
  );
  const range = rows[0];
  if (!range || range.until <= range.from) return range?.from ?? null;
  await client.query("SELECT pg_advisory_xact_lock(hashtext('portico.usage_fold'))");
  for (const period of ["day", "hour"] as const) await foldInto(client, period, range);
  await client.query("UPDATE usage_fold SET folded_until = $1", [range.until]);
  return range.until;
}

async function foldInto(client: PoolClient, period: "hour" | "day", { from, until }: FoldRange): Promise<void> {
  const bucket = `date_trunc('${period}', bucket_at, 'UTC')`;
  await client.query(
    addToRollups(`
      SELECT '${period}', ${bucket}, ${dimensions}, ${summed}, ARRAY[${histogram}]
      FROM usage_rollups WHERE period = 'minute' AND bucket_at >= $1 AND bucket_at < $2
      GROUP BY ${bucket}, ${dimensions}`),
    [from, until],
  );
}
