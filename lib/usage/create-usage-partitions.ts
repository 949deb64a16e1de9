import { runtime } from "#lib/platform/runtime";

const monthsAhead = 3;

/** Makes the partitions of `usage_events` for this month and the next three. Returns how many were missing. */
export async function createUsagePartitions(now: Date): Promise<number> {
  const { rows } = await runtime().postgres.platform.query<{ made: number }>(
    "SELECT portico.create_usage_partitions($1, $2) AS made",
    [now, monthsAhead + 1],
  );
  return rows[0]?.made ?? 0;
}
