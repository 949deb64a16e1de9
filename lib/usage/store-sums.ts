import { type KeyUse, toRollups, type UsageSum, type UsageSums } from "#lib/usage/aggregate";
import { latencyBucketCount } from "#lib/usage/latency-histogram";

/** A connection that is inside a transaction of the platform role. */
export interface Connection {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const rollupsPerStatement = 2_000;

/** Bucket by bucket, written out: a function that unnests both arrays costs five times as much. */
const addedHistograms = Array.from({ length: latencyBucketCount }, (_, index) => index + 1)
  .map((bucket) => `known.latency_histogram[${bucket}] + excluded.latency_histogram[${bucket}]`)
  .join(", ");

/** The columns that say which sum a row is. */
export const rollupKey = [
  ...["period", "bucket_at", "tenant_id", "account_id", "api_key_id", "service_id", "route_id"],
  ...["endpoint", "method", "status", "error_code", "is_management"],
] as const;

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
export async function storeSums(connection: Connection, sums: UsageSums, foldedUntil: Date): Promise<void> {
  const rollups = toRollups(sums, foldedUntil);
  let adding: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < rollups.length; from += rollupsPerStatement) {
    const rows = JSON.stringify(rollups.slice(from, from + rollupsPerStatement).map(toRow)); // while the rows before are stored
    await adding;
    adding = connection.query(addGiven, [rows]);
  }
  await adding;
  const uses = [...sums.keys.values()];
  if (uses.length > 0) await addToKeys(connection, uses);
}

/** The histogram as an array's text, which PostgreSQL reads in half the time of one in JSON. */
function toRow(sum: UsageSum): unknown {
  return { ...sum, latency_histogram: `{${sum.latency_histogram.join(",")}}` };
}

const addGiven = addToRollups(`
     SELECT ${[...rollupKey, ...added].join(", ")}, latency_histogram::bigint[]
     FROM json_to_recordset($1) AS new (period text, bucket_at timestamptz, tenant_id text, account_id text, api_key_id text,
        service_id text, route_id text, endpoint text, method text, status integer, error_code text, is_management boolean,
        requests bigint, unrecorded bigint, errors bigint, credits bigint, request_bytes bigint, response_bytes bigint,
        latency_us bigint, latency_histogram text)`);

/** Joined with api_keys: a call of a key whose row is gone is no reason to keep everybody's usage waiting. */
async function addToKeys(connection: Connection, uses: readonly KeyUse[]): Promise<void> {
  await connection.query(
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
