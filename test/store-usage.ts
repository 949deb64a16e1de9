import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { addRows, emptySums } from "#lib/usage/aggregate";
import { encodeUsageRow, type UsageEvent, usageColumns } from "#lib/usage/event";
import { lockFoldShared } from "#lib/usage/fold-minutes";
import { storeSums } from "#lib/usage/store-sums";

/** Stores events and their sums as the shipper does, however old they are. */
export async function storeUsage(platform: Pool, events: readonly UsageEvent[]): Promise<void> {
  const text = events.map(encodeUsageRow).join("");
  const sums = emptySums();
  addRows(sums, text);
  const client = await platform.connect();
  try {
    await client.query(`BEGIN; ${lockFoldShared}`);
    const { rows } = await client.query<{ folded_until: Date }>("SELECT folded_until FROM usage_fold");
    const copy = client.query(copyFrom(`COPY usage_events (${usageColumns.join(", ")}) FROM STDIN`));
    await pipeline(Readable.from([Buffer.from(text)]), copy);
    await storeSums(client, sums, rows[0]?.folded_until ?? new Date());
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}
