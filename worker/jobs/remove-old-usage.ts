import { runtime } from "#lib/platform/runtime";
import { removeOldUsage } from "#lib/usage/remove-old-usage";

/** Keeps usage as long as promised, not longer. */
export async function removeOldUsageJob(): Promise<void> {
  const { partitions, rollups } = await removeOldUsage(new Date());
  if (partitions + rollups > 0) runtime().logger.info({ partitions, rollups }, "removed old usage");
}
