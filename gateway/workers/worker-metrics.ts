import { keepCounted } from "#gateway/metrics-text";
import type { GatewayWorker } from "#gateway/workers/gateway-worker";
import type { MetricJson } from "#lib/platform/metrics";

const answerMaxMs = 1_000;

/** What all gateway workers counted, those that are gone included. */
export class WorkerMetrics {
  #ofTheGone: Promise<MetricJson[]> = Promise.resolve([]);

  /** One list for each worker, and one for all that are gone. A worker that does not answer in time says what it said last. */
  async read(workers: readonly GatewayWorker[]): Promise<(readonly MetricJson[])[]> {
    const [ofTheGone, ...others] = await Promise.all([
      this.#ofTheGone,
      ...workers.map((worker) => worker.readMetrics(answerMaxMs)),
    ]);
    return [ofTheGone, ...others];
  }

  /** Keeps what a worker said last. Of one that was killed, that is what the last scrape heard. */
  remember(worker: GatewayWorker): void {
    this.#ofTheGone = Promise.all([this.#ofTheGone, worker.readMetrics(0)]).then(keepCounted);
  }
}
