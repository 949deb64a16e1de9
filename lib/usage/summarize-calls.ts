import type { Db } from "#lib/platform/db";

/** How many calls were made with one generation of a key's secret since an instant, and when the latest was. */
export async function summarizeCalls(
  db: Db,
  key: { id: string; tenantId: string; accountId: string },
  generation: number,
  since: Date,
): Promise<{ count: number; latest: Date | null }> {
  const [calls] = await db.$queryRaw<[{ count: number; latest: Date | null }]>`
    SELECT count(*)::int AS count, max(occurred_at) AS latest FROM usage_events
    WHERE tenant_id = ${key.tenantId} AND account_id = ${key.accountId} AND occurred_at > ${since}
      AND api_key_id = ${key.id} AND key_generation = ${generation}`;
  return calls;
}
