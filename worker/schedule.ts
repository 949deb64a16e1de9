import type { Task } from "graphile-worker";
import { createUsagePartitionsJob } from "#worker/jobs/create-usage-partitions";
import { deliverMailJob } from "#worker/jobs/deliver-mail";
import { removeExpiredJob } from "#worker/jobs/remove-expired";
import { removeOldUsageJob } from "#worker/jobs/remove-old-usage";

export interface Job {
  /** What `portico.enqueue` calls it. */
  task: string;
  run: Task;
  /** When it runs by itself, as cron writes it (UTC: minute, hour, day, month, weekday); absent: only when enqueued. */
  cron?: string;
  /** A run that was missed this many days ago or less is made up for at the next start. */
  backfillDays?: number;
}

/** Every background job, and the timetable. A job may run twice and at once with itself: each is harmless to repeat. */
export const jobs: readonly Job[] = [
  { task: "deliver-mail", run: deliverMailJob },
  { task: "create-usage-partitions", run: createUsagePartitionsJob, cron: "10 0 * * *", backfillDays: 2 },
  { task: "remove-old-usage", run: removeOldUsageJob, cron: "20 * * * *" },
  { task: "remove-expired", run: removeExpiredJob, cron: "40 * * * *" },
];
