import type { ApiKey } from "#lib/keys/contract";
import type { ApiKeyRow } from "#lib/keys/repository";
import { serializeApiKey } from "#lib/keys/serialize";
import type { Db } from "#lib/platform/db";
import { summarizeCalls } from "#lib/usage/summarize-calls";

/** A key as the outside sees it, with the calls made on its previous secret since the rotation while that still works. */
export async function describeApiKey(db: Db, row: ApiKeyRow, now: Date): Promise<ApiKey> {
  const key = serializeApiKey(row, now);
  if (!key.previous_key || !row.rotatedAt) return key;
  const calls = await summarizeCalls(db, row, row.generation - 1, row.rotatedAt);
  const previous = { ...key.previous_key, total_requests: calls.count, last_used: calls.latest?.toISOString() ?? null };
  return { ...key, previous_key: previous };
}
