import type { Task } from "graphile-worker";
import { createUsagePartitionsJob } from "#worker/jobs/create-usage-partitions";
import { deliverMailJob } from "#worker/jobs/deliver-mail";
import { notifyExpiringKeysJob } from "#worker/jobs/notify-expiring-keys";
import { removeExpiredJob } from "#worker/jobs/remove-expired";
import { removeOldUsageJob } from "#worker/jobs/remove-old-usage";

export interface Job {
  /** What `portico.enqueue` calls it. */
  task: string;
  run: Task;
  /** When it runs by itself, as cron writes it (UTC: minute, hour, day, month, weekday); absent: only when enqueued. */
  cron?: string;
  /** Also when a worker starts: a machine may have slept through its time. */
  isRunAtStart?: boolean;
}

/** Every background job, and the timetable. A job may run twice and at once with itself: each is harmless to repeat. */
export const jobs: readonly Job[] = [
  { task: "deliver_mail", run: deliverMailJob },
  { task: "create_usage_partitions", run: createUsagePartitionsJob, cron: "10 0 * * *", isRunAtStart: true },
  { task: "remove_old_usage", run: removeOldUsageJob, cron: "20 * * * *" },
  { task: "notify_expiring_keys", run: notifyExpiringKeysJob, cron: "5 * * * *", isRunAtStart: true },
  { task: "remove_expired", run: removeExpiredJob, cron: "40 * * * *" },
];
