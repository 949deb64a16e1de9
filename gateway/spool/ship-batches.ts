import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Batch } from "#gateway/spool/batch";
import { addCounts, addRows, emptySums, type UsageSums } from "#lib/usage/aggregate";
import { clampTimes, type TimeBounds } from "#lib/usage/clamp-times";
import { usageColumns } from "#lib/usage/event";
import { storeSums } from "#lib/usage/store-sums";

/** A stretch of a spool file. */
export interface Stretch {
  bootId: string;
  file: number;
  /** Bytes from the start of the file. */
  from: number;
  to: number;
  /** When the file was begun, Unix milliseconds: no event in it is older. */
  begunAtMs: number;
}

const dayMs = 86_400_000;
const deadlineMs = 60_000;

/** How far a spool file has been shipped, in bytes. A file nobody shipped from starts at 0. */
export async function readShipped(pool: Pool, bootId: string, file: number): Promise<number> {
  const { rows } = await pool.query<{ shipped: string }>(
    `WITH first AS (INSERT INTO usage_spools (boot_id, file) VALUES ($1, $2) ON CONFLICT DO NOTHING)
     SELECT shipped FROM usage_spools WHERE boot_id = $1 AND file = $2`,
    [bootId, file],
  );
  return Number(rows[0]?.shipped ?? 0);
}

/**
 * Brings the batches of a stretch into PostgreSQL: its rows, their sums and how far the file is shipped, in one transaction.
 * Moving `shipped` from where we read on is the only lock: false means that somebody else shipped it. When this throws, whether
 * it was committed is unknown: read `readShipped` again.
 */
export async function shipBatches(pool: Pool, stretch: Stretch, batches: readonly Batch[]): Promise<boolean> {
  const client = await pool.connect();
  client.on("error", ignore); // the query that is running rejects with it
  let deadline: NodeJS.Timeout | undefined;
  try {
    const expired = new Promise<never>((_, reject) => {
      deadline = setTimeout(() => reject(new Error("Shipping took too long.")), deadlineMs);
    });
    const isShipped = await Promise.race([inTransaction(client, stretch, batches), expired]);
    client.removeListener("error", ignore);
    client.release();
    return isShipped;
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

const ignore = (): void => {};

async function inTransaction(client: PoolClient, stretch: Stretch, batches: readonly Batch[]): Promise<boolean> {
  // The file goes when this is committed, so it must be durable even where the database was told to be lax.
  await client.query("BEGIN; SET LOCAL synchronous_commit = on");
  const { rows } = await client.query<{ now: Date }>(
    "UPDATE usage_spools SET shipped = $4, updated_at = now() WHERE boot_id = $1 AND file = $2 AND shipped = $3 RETURNING now()",
    [stretch.bootId, stretch.file, stretch.from, stretch.to],
  );
  const now = rows[0]?.now.getTime();
  if (now === undefined) {
    await client.query("ROLLBACK");
    return false;
  }
  // Beyond these times the machine's clock was wrong, and a row in a month to come would keep its partition from being made.
  const bounds = { earliestMs: Math.min(stretch.begunAtMs, now) - dayMs, latestMs: now + dayMs };
  const sums = emptySums();
  const copy = client.query(copyFrom(`COPY usage_events (${usageColumns.join(", ")}) FROM STDIN`));
  await pipeline(Readable.from(addedUp(batches, sums, bounds)), copy);
  await storeSums(client, sums);
  await client.query("COMMIT");
  return true;
}

const copyBytes = 64 * 1024;

/**
 * Adds batches to the sums and passes their rows on, a piece at a time: PostgreSQL stores one piece while we add up the next, and
 * the requests that this process serves meanwhile wait for a piece, not for all.
 */
function* addedUp(batches: readonly Batch[], sums: UsageSums, bounds: TimeBounds): Generator<Buffer> {
  let bodies: Buffer[] = [];
  let length = 0;
  for (const { kind, body } of batches) {
    const sent = body.toString("utf8");
    if (kind === "counts") {
      addCounts(sums, sent);
      continue;
    }
    const text = clampTimes(sent, bounds);
    addRows(sums, text);
    bodies.push(text === sent ? body : Buffer.from(text));
    length += body.length;
    if (length < copyBytes) continue;
    yield Buffer.concat(bodies);
    bodies = [];
    length = 0;
  }
  if (bodies.length > 0) yield Buffer.concat(bodies);
}
