import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type KeyUse, rollupText, type UsageSums } from "#lib/usage/aggregate";
import { latencyBucketCount } from "#lib/usage/latency-histogram";

/** Bucket by bucket, written out: a function that unnests both arrays costs five times as much. */
const addedHistograms = Array.from({ length: latencyBucketCount }, (_, index) => index + 1)
  .map((bucket) => `known.latency_histogram[${bucket}] + excluded.latency_histogram[${bucket}]`)
  .join(", ");

/** The columns that say which sum a row is. */
export const rollupKey = [
  ...["period", "bucket_at", "tenant_id", "account_id", "api_key_id", "service_id", "route_id"],
  ...["endpoint", "method", "status", "error_code", "is_management"],
] as const;

const isText = (name: (typeof rollupKey)[number]) => !["bucket_at", "status", "is_management"].includes(name);

const added = ["requests", "unrecorded", "errors", "credits", "request_bytes", "response_bytes", "latency_us"] as const;
const columns = [...rollupKey, ...added, "latency_histogram"].join(", ");

/** The statement that adds the rows of a question, which must give the columns in this order, to the sums that are there. */
export function addToRollups(question: string): string {
  return `INSERT INTO usage_rollups AS known (${columns}) ${question}
     ON CONFLICT (${rollupKey.join(", ")}) DO UPDATE SET
       ${added.map((name) => `${name} = known.${name} + excluded.${name}`).join(", ")}, latency_histogram = ARRAY[${addedHistograms}]`;
}

/**
 * Adds sums to `usage_rollups` and `api_key_usage`. Minutes before `foldedUntil` are added to their hours and days too: those were
 * folded without them. Rows are locked in one order everywhere, so shippers cannot deadlock.
 */
export async function storeSums(client: ClientBase, sums: UsageSums, foldedUntil: Date): Promise<void> {
  await client.query(makeRoom);
  const copy = client.query(copyFrom("COPY pg_temp.new_sums FROM STDIN"));
  await pipeline(Readable.from([Buffer.from(rollupText(sums, foldedUntil))]), copy);
  await client.query(addNew);
  const uses = [...sums.keys.values()];
  if (uses.length > 0) await addToKeys(client, uses);
}

/** Made once a connection, emptied by every commit. COPY into it and one statement cost half of what the same rows as JSON do. */
const makeRoom = `SET LOCAL client_min_messages = warning;
  CREATE TEMPORARY TABLE IF NOT EXISTS new_sums ON COMMIT DELETE ROWS AS SELECT ${columns} FROM usage_rollups WITH NO DATA`;

const addNew = addToRollups(
  `SELECT ${columns} FROM pg_temp.new_sums ORDER BY ${rollupKey.map((name) => (isText(name) ? `${name} COLLATE "C"` : name)).join(", ")}`,
);

/** Joined with api_keys: a call of a key whose row is gone is no reason to keep everybody's usage waiting. */
async function addToKeys(client: ClientBase, uses: readonly KeyUse[]): Promise<void> {
  await client.query(
    `INSERT INTO api_key_usage AS known (key_id, generation, tenant_id, account_id, total_requests, last_used_at, last_used_ip)
     SELECT new.key_id, new.generation, api_keys.tenant_id, api_keys.account_id, new.requests, new.last_used_at, new.last_used_ip
     FROM json_to_recordset($1) AS new (key_id text, generation integer, requests bigint, last_used_at timestamptz, last_used_ip text)
     JOIN api_keys ON api_keys.id = new.key_id
     ORDER BY new.key_id COLLATE "C", new.generation
     ON CONFLICT (key_id, generation) DO UPDATE SET total_requests = known.total_requests + excluded.total_requests,
        last_used_at = greatest(known.last_used_at, excluded.last_used_at),
        last_used_ip = CASE WHEN known.last_used_at IS NULL OR excluded.last_used_at >= known.last_used_at
          THEN excluded.last_used_ip ELSE known.last_used_ip END`,
    [JSON.stringify(uses)],
  );
}
