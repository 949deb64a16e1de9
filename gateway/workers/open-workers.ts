import type { Readiness } from "#gateway/readiness";
import { createAcceptor } from "#gateway/workers/acceptor";
import { forkWorker } from "#gateway/workers/fork-worker";
import { Supervisor, type SupervisorOptions } from "#gateway/workers/supervisor";
import { WorkerMetrics } from "#gateway/workers/worker-metrics";
import type { MetricJson, Metrics } from "#lib/platform/metrics";

/** The gateway workers of this process. */
export interface Workers {
  /** Starts them and listens for them. Rejects with the reason of one that could not start, or as `listen` of node:net does. */
  start(port: number, host: string): Promise<void>;
  /** Replaces them one after another. */
  reload(): Promise<void>;
  /** Drains them all, and accepts for them until nobody needs to come here any more. */
  stop(): Promise<void>;
  /** One list for each of them, and one for those that are gone. */
  readMetrics(): Promise<(readonly MetricJson[])[]>;
  /** A process serves as long as one worker does; the check says how many do. */
  addTo(readiness: Readiness): Readiness;
}

interface Options {
  count: number;
  metrics: Metrics;
  logger: SupervisorOptions["logger"];
}

/** Workers that drain take connections for longer than this. */
const lingerMs = 300;

/** Makes the supervisor of `count` gateway workers; none is started yet. */
export function openWorkers({ count, metrics, logger }: Options): Workers {
  const workerMetrics = new WorkerMetrics();
  const onEnded: SupervisorOptions["onEnded"] = (worker) => workerMetrics.remember(worker);
  const supervisor = new Supervisor({ count, fork: forkWorker, logger, onEnded, onServing: () => acceptor.resume() });
  const acceptor = createAcceptor(() => supervisor.serving());
  addCounts(metrics, supervisor, count);
  return {
    async start(port, host) {
      await acceptor.listen(port, host);
      await supervisor.start();
    },
    reload: () => supervisor.reload(),
    stop: () => Promise.all([supervisor.stop(), acceptor.close(lingerMs)]).then(() => undefined),
    readMetrics: () => workerMetrics.read(supervisor.workers()),
    addTo({ ready, checks }) {
      const serving = supervisor.serving().length;
      const workers = serving === count ? "ok" : `${serving} of ${count} serve`;
      return { ready: ready && serving > 0, checks: { ...checks, workers } };
    },
  };
}

function addCounts(metrics: Metrics, supervisor: Supervisor, count: number): void {
  metrics.add({
    name: "portico_gateway_workers",
    help: "Gateway workers: those that serve, and how many there should be.",
    type: "gauge",
    read: () => [
      { labels: { state: "serving" }, value: supervisor.serving().length },
      { labels: { state: "wanted" }, value: count },
    ],
  });
  metrics.add({
    name: "portico_gateway_worker_restarts_total",
    help: "Gateway workers that took the place of one that was lost.",
    type: "counter",
    read: () => supervisor.restarts,
  });
}
