import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Batch } from "#gateway/spool/batch";
import { addCounts, addRows, countRows, emptySums, type UsageSums } from "#lib/usage/aggregate";
import { clampTimes, type TimeBounds } from "#lib/usage/clamp-times";
import { usageColumns } from "#lib/usage/event";
import { lockFoldShared } from "#lib/usage/fold-minutes";
import { storeSums } from "#lib/usage/store-sums";

/** Where in which spool file a stretch begins. */
export interface StretchStart {
  bootId: string;
  file: number;
  /** Bytes from the start of the file. */
  from: number;
  /** When the file was begun, Unix milliseconds: no event in it is older. */
  begunAtMs: number;
}

/** Some batches of a file, one behind the other, and where the last of them ends. */
export interface Piece {
  batches: readonly Batch[];
  end: number;
}

export interface Shipped {
  /** Where the stretch ends. */
  to: number;
  rows: number;
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
 * Brings a stretch of a file into PostgreSQL, piece by piece: its rows, their sums and how far the file is shipped, in one
 * transaction. The row of the file, locked while `shipped` is still where we read on from, is the only lock: null means that
 * somebody else shipped this. When this throws, whether it was committed is unknown: read `readShipped` again.
 */
export async function shipStretch(
  pool: Pool,
  start: StretchStart,
  pieces: AsyncIterable<Piece>,
): Promise<Shipped | null> {
  const client = await pool.connect();
  client.on("error", ignore); // the query that is running rejects with it
  let deadline: NodeJS.Timeout | undefined;
  try {
    const expired = new Promise<never>((_, reject) => {
      deadline = setTimeout(() => reject(new Error("Shipping took too long.")), deadlineMs);
    });
    const shipped = await Promise.race([inTransaction(client, start, pieces), expired]);
    client.removeListener("error", ignore);
    client.release();
    return shipped;
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

const ignore = (): void => {};

async function inTransaction(
  client: PoolClient,
  { bootId, file, from, begunAtMs }: StretchStart,
  pieces: AsyncIterable<Piece>,
): Promise<Shipped | null> {
  // The file goes when this is committed, so it must be durable even where the database was told to be lax.
  await client.query(`BEGIN; SET LOCAL synchronous_commit = on; ${lockFoldShared}`);
  const { rows } = await client.query<{ now: Date; folded_until: Date }>(
    `SELECT now(), (SELECT folded_until FROM usage_fold) AS folded_until
     FROM usage_spools WHERE boot_id = $1 AND file = $2 AND shipped = $3 FOR UPDATE`,
    [bootId, file, from],
  );
  const [row] = rows;
  if (row === undefined) {
    await client.query("ROLLBACK");
    return null;
  }
  const now = row.now.getTime();
  // Beyond these times the machine's clock was wrong, and a row in a month to come would keep its partition from being made.
  const bounds = { earliestMs: Math.min(begunAtMs, now) - dayMs, latestMs: now + dayMs };
  const adding = { sums: emptySums(), bounds, end: from };
  const copy = client.query(copyFrom(`COPY usage_events (${usageColumns.join(", ")}) FROM STDIN`));
  await pipeline(Readable.from(addedUp(pieces, adding)), copy);
  await storeSums(client, adding.sums, row.folded_until);
  await client.query("UPDATE usage_spools SET shipped = $3, updated_at = now() WHERE boot_id = $1 AND file = $2", [
    bootId,
    file,
    adding.end,
  ]);
  await client.query("COMMIT");
  return { to: adding.end, rows: countRows(adding.sums) };
}

interface Adding {
  sums: UsageSums;
  bounds: TimeBounds;
  /** Of the last piece that was added. */
  end: number;
}

/**
 * Adds pieces to the sums and passes their rows on: PostgreSQL stores one piece while we add up the next, and the requests that
 * this process serves meanwhile wait for a piece, not for all.
 */
async function* addedUp(pieces: AsyncIterable<Piece>, into: Adding): AsyncGenerator<Buffer> {
  for await (const { batches, end } of pieces) {
    const bodies: Buffer[] = [];
    for (const { kind, body } of batches) {
      const sent = body.toString("utf8");
      if (kind === "counts") {
        addCounts(into.sums, sent);
        continue;
      }
      const text = clampTimes(sent, into.bounds);
      addRows(into.sums, text);
      bodies.push(text === sent ? body : Buffer.from(text));
    }
    into.end = end;
    if (bodies.length > 0) yield Buffer.concat(bodies);
  }
}
