import { type LogFunctionFactory, Logger, parseCronItems, run } from "graphile-worker";
import type { Logger as PinoLogger } from "pino";
import type { Env } from "#lib/platform/env";
import { jobs as allJobs, type Job } from "#worker/schedule";

export interface WorkerOptions {
  env: Pick<Env, "DATABASE_URL">;
  logger: PinoLogger;
  jobs?: readonly Job[];
}

export interface OpenWorker {
  /** Lets the jobs that are running end, and takes no others. */
  close(): Promise<void>;
}

const concurrency = 5;

/**
 * Runs queued jobs as they come (LISTEN) and the timetable. Needs a composed runtime, which the jobs work with, and the owner's
 * connection, because the queue's tables are nobody else's.
 */
export async function openWorker({ env, logger, jobs = allJobs }: WorkerOptions): Promise<OpenWorker> {
  const runner = await run({
    connectionString: env.DATABASE_URL,
    maxPoolSize: concurrency + 2, // one to listen with, one to take jobs with
    concurrency,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskList: Object.fromEntries(jobs.map(({ task, run: work }) => [task, work])),
    parsedCronItems: parseCronItems(jobs.flatMap(timetableOf)),
    logger: new Logger(logTo(logger)),
  });
  for (const { task } of jobs.filter((job) => job.isRunAtStart))
    await runner.addJob(task, {}, { jobKey: `${task} at start` });
  return { close: () => runner.stop() };
}

function timetableOf({ task, cron }: Job) {
  return cron === undefined ? [] : [{ task, match: cron, options: { backfillPeriod: 0, maxAttempts: 5 } }];
}

const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;

/** The queue is talkative: its news is our debugging, its warnings are ours. */
function logTo(logger: PinoLogger): LogFunctionFactory {
  return () => (level, message) => logger[levels[level]]({ from: "worker" }, message);
}
