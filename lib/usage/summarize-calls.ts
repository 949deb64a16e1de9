import type { Db } from "#lib/platform/db";
import { notUsed } from "#lib/usage/aggregate";

/** Beyond this many nobody needs the number to know that a secret is still in use. */
const countedMax = 10_000;

/**
 * How many calls were made with one generation of a key's secret since an instant (10,000 stands for that many or more), and when
 * the latest was. As everywhere in a key's totals, tries that were refused for the key's sake are no calls.
 */
export async function summarizeCalls(
  db: Db,
  key: { id: string; tenantId: string; accountId: string },
  generation: number,
  since: Date,
): Promise<{ count: number; latest: Date | null }> {
  // The key's own row answers for a secret that is no longer called; without an order, the count ends at the first that many it finds.
  const [calls] = await db.$queryRaw<{ count: number; latest: Date }[]>`
    SELECT used.last_used_at AS latest, (SELECT count(*)::int FROM (
        SELECT 1 FROM usage_events
        WHERE tenant_id = ${key.tenantId} AND account_id = ${key.accountId}
          AND occurred_at > ${since} AND occurred_at <= used.last_used_at
          AND api_key_id = ${key.id} AND key_generation = ${generation} AND coalesce(error_code, '') <> ALL(${[...notUsed]})
        LIMIT ${countedMax}) AS calls) AS count
    FROM api_key_usage AS used
    WHERE used.key_id = ${key.id} AND used.generation = ${generation} AND used.last_used_at > ${since}`;
  return calls ?? { count: 0, latest: null };
}
