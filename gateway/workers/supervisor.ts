import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayWorker } from "#gateway/workers/gateway-worker";

export interface SupervisorOptions {
  /** How many workers serve, at all times. */
  count: number;
  fork: () => GatewayWorker;
  logger: Record<"info" | "warn" | "error", (fields: object, message: string) => void>;
  /** Called when a worker begins to serve. */
  onServing?: () => void;
  /** Called once for each worker, when it is gone. */
  onEnded?: (worker: GatewayWorker) => void;
  /** First and longest pause before a worker that was lost is replaced. */
  pauseMs?: number;
  pauseMaxMs?: number;
}

/** A place for one worker at a time; empty while the next one starts. */
interface Place {
  worker: GatewayWorker | undefined;
  /** How many of the last workers were lost soon after their start. */
  failures: number;
}

const killAfterMs = 35_000; // a server ends itself after 30 s
const goodAfterMs = 10_000; // a worker that served this long says nothing bad of the next one

/** Keeps `count` gateway workers serving until it is stopped. */
export class Supervisor {
  /** How many workers took the place of one that was lost. */
  restarts = 0;
  readonly #options: SupervisorOptions;
  readonly #places: Place[];
  readonly #living = new Set<GatewayWorker>();
  readonly #stopping = new AbortController();
  #reloading: Promise<void> | undefined;
  #isReloadWanted = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#places = Array.from({ length: options.count }, () => ({ worker: undefined, failures: 0 }));
  }

  /** All that live, those that drain included. */
  workers(): GatewayWorker[] {
    return [...this.#living];
  }

  /** Those that serve and are to be given connections. */
  serving(): GatewayWorker[] {
    return this.#places.flatMap(({ worker }) => worker ?? []);
  }

  /** Rejects with a worker's reason when one cannot start; `stop` then ends the others. */
  async start(): Promise<void> {
    const [first, ...others] = this.#places;
    // The first alone: what keeps one from starting keeps all from it, and is to be said once.
    if (first) this.#occupy(first, await this.#fork());
    await Promise.all(others.map(async (place) => this.#occupy(place, await this.#fork())));
  }

  /** Replaces one after another: the new one serves before the old one drains. Asked meanwhile, it does all of it once more. */
  reload(): Promise<void> {
    const { logger } = this.#options;
    this.#isReloadWanted = true;
    this.#reloading ??= this.#replaceAll()
      .catch((error: unknown) =>
        logger.error({ err: error }, "gateway workers could not be replaced; those there are go on"),
      )
      .finally(() => {
        this.#reloading = undefined;
      });
    return this.#reloading;
  }

  /** Drains all at once. Resolves when all are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.workers().map((worker) => worker.stop(killAfterMs)));
  }

  /** A new worker that serves. One that does not get so far has ended when this rejects. */
  async #fork(): Promise<GatewayWorker> {
    const worker = this.#options.fork();
    this.#living.add(worker);
    const ended = worker.ended.then(() => {
      this.#living.delete(worker);
      this.#options.onEnded?.(worker);
    });
    try {
      await worker.ready;
      return worker;
    } catch (error) {
      await ended;
      throw error;
    }
  }

  #occupy(place: Place, worker: GatewayWorker): void {
    const servesSinceMs = performance.now();
    place.worker = worker;
    this.#options.onServing?.();
    void worker.ended.then(() => {
      if (place.worker === worker) place.worker = undefined;
    });
    void worker.leaving.then((how) => {
      if (place.worker !== worker || this.#stopping.signal.aborted) return; // replaced; or all are to go, and take calls till then
      place.worker = undefined;
      if (performance.now() - servesSinceMs >= goodAfterMs) place.failures = 0;
      void this.#refill(place, `process ${worker.pid}: ${how}`);
    });
  }

  async #refill(place: Place, why: string): Promise<void> {
    const { logger, pauseMs = 100, pauseMaxMs = 5_000 } = this.#options;
    const { signal } = this.#stopping;
    const inMs = Math.min(pauseMaxMs, pauseMs * 2 ** place.failures);
    place.failures += 1;
    logger.warn({ why, in_ms: inMs }, "a gateway worker is lost; another takes its place");
    await sleep(inMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || place.worker) return;
    try {
      const worker = await this.#fork();
      this.restarts += 1;
      this.#occupy(place, worker);
    } catch (error) {
      if (!signal.aborted) void this.#refill(place, error instanceof Error ? error.message : String(error));
    }
  }

  async #replaceAll(): Promise<void> {
    while (this.#isReloadWanted && !this.#stopping.signal.aborted) {
      this.#isReloadWanted = false;
      for (const place of this.#places) await this.#replace(place);
    }
  }

  async #replace(place: Place): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const successor = await this.#fork();
    const { worker } = place;
    this.#occupy(place, successor);
    await worker?.stop(killAfterMs);
    this.#options.logger.info({ pid: successor.pid, instead_of: worker?.pid }, "a gateway worker was replaced");
  }
}
