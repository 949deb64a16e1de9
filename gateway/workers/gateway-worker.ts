import type { Socket } from "node:net";
import type { FromWorker, ToWorker } from "#gateway/workers/messages";
import type { MetricJson } from "#lib/platform/metrics";

/** The process and the channel to it. */
export interface Channel {
  readonly pid: number;
  send(message: ToWorker, socket?: Socket): void;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** When it is gone and all that it said was heard. */
  onExit(listener: (how: string) => void): void;
}

/** A worker that ended before it served; `message` is what it said of that. */
export class WorkerFailed extends Error {
  override readonly name = "WorkerFailed";
}

/** A gateway worker as the process sees it that started it. */
export class GatewayWorker {
  readonly pid: number;
  readonly #channel: Channel;
  readonly #ready = Promise.withResolvers<void>();
  readonly #leaving = Promise.withResolvers<string>();
  readonly #ended = Promise.withResolvers<string>();
  readonly #given = new Map<number, (isTaken: boolean) => void>();
  readonly #asked = new Map<number, () => void>();
  #lastMetrics: readonly MetricJson[] = [];
  #lastId = 0;
  #reason: string | undefined;
  #isGone = false;

  constructor(channel: Channel) {
    this.pid = channel.pid;
    this.#channel = channel;
    channel.onMessage((message) => this.#hear(message));
    channel.onExit((how) => this.#end(how));
    this.#ready.promise.catch(() => undefined); // of one that nobody waits for
  }

  /** Resolves when it serves. Rejects with a WorkerFailed when it ended before that. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves with why, as soon as it is to be given no more connections: it is stopping, or gone. */
  get leaving(): Promise<string> {
    return this.#leaving.promise;
  }

  /** Resolves with how it ended: `exit code 1`, `SIGKILL`. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** How many connections it was given and has not yet answered for. */
  get waiting(): number {
    return this.#given.size;
  }

  /** Gives it a connection. False: it did not take it, and read nothing from it. */
  async give(socket: Socket): Promise<boolean> {
    if (this.#isGone) return false;
    const id = ++this.#lastId;
    this.#channel.send({ type: "connection", id }, socket);
    const isTaken = await new Promise<boolean>((resolve) => this.#given.set(id, resolve));
    this.#given.delete(id);
    return isTaken;
  }

  /** SIGTERM; SIGKILL when it has not ended after `killAfterMs`. Resolves when it is gone. */
  async stop(killAfterMs: number): Promise<void> {
    const kill = setTimeout(() => this.#channel.kill("SIGKILL"), killAfterMs);
    this.#channel.kill("SIGTERM");
    await this.ended;
    clearTimeout(kill);
  }

  /** What it counted, now; what it said last when it does not answer in time or is gone. */
  async readMetrics(timeoutMs: number): Promise<readonly MetricJson[]> {
    if (this.#isGone) return this.#lastMetrics;
    const id = ++this.#lastId;
    this.#channel.send({ type: "read metrics", id });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#asked.set(id, () => [clearTimeout(timer), resolve()]);
    });
    this.#asked.delete(id);
    return this.#lastMetrics;
  }

  #hear(message: FromWorker): void {
    if (message.type === "ready") this.#ready.resolve();
    else if (message.type === "failed") this.#reason = message.reason;
    else if (message.type === "leaving") this.#leaving.resolve("is stopping");
    else if (message.type === "connection") this.#given.get(message.id)?.(message.isTaken);
    else {
      this.#lastMetrics = message.metrics;
      if (message.id !== undefined) this.#asked.get(message.id)?.();
    }
  }

  #end(how: string): void {
    this.#isGone = true;
    this.#ready.reject(new WorkerFailed(this.#reason ?? `A gateway worker ended before it was ready (${how}).`));
    this.#leaving.resolve(how);
    this.#ended.resolve(how);
    for (const settle of this.#given.values()) settle(false);
    for (const answer of this.#asked.values()) answer();
  }
}
