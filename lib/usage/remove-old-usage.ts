import { runtime } from "#lib/platform/runtime";
import { periods } from "#lib/usage/time-range";

const eventsKeptMs = 90 * 86_400_000;

/** Removes what is kept no longer (rules R24): months of events that ended 90 days ago, minutes of 48 hours, hours of 90 days, days of 2 years. */
export async function removeOldUsage(now: Date): Promise<{ partitions: number; rollups: number }> {
  const { platform } = runtime().postgres;
  const { rows } = await platform.query<{ dropped: number }>("SELECT portico.drop_usage_partitions($1) AS dropped", [
    new Date(now.getTime() - eventsKeptMs),
  ]);
  let rollups = 0;
  for (const [period, { keptMs }] of Object.entries(periods)) {
    const oldest = new Date(now.getTime() - keptMs);
    // Minutes not before they are part of their hour and day.
    const removed = await platform.query(
      `DELETE FROM usage_rollups WHERE period = $1 AND bucket_at < $2
       AND (period <> 'minute' OR bucket_at < (SELECT folded_until FROM usage_fold))`,
      [period, oldest],
    );
    rollups += removed.rowCount ?? 0;
  }
  return { partitions: rows[0]?.dropped ?? 0, rollups };
}
