import { runtime } from "#lib/platform/runtime";
import { createUsagePartitions } from "#lib/usage/create-usage-partitions";

/** Makes room for the coming months of usage. */
export async function createUsagePartitionsJob(): Promise<void> {
  const made = await createUsagePartitions(new Date());
  if (made > 0) runtime().logger.info({ made }, "made partitions of usage_events");
}
