const tickMs = 10;

interface Waiter {
  ticksLeft: number;
  giveUp: () => void;
}

/**
 * Gives up on work that takes longer than `timeoutMs` of running time. Time is counted in ticks of the event loop's timers, not
 * by the clock: while this process itself stands still (many requests at once, a starved machine), replies wait unread in
 * their sockets, and a clock would blame whoever sent them. A tick passes only when the loop comes round and has read them.
 */
export class Patience {
  readonly #timeoutMs: number;
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** The result of the work, or a rejection once patience ends. */
  await<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`Redis did not answer within ${this.#timeoutMs} ms.`));
      // One tick more than the timeout has: the first one may come at once.
      const waiter: Waiter = { ticksLeft: Math.ceil(this.#timeoutMs / tickMs) + 1, giveUp: late };
      this.#waiters.add(waiter);
      this.#timer ??= setInterval(() => this.#tick(), tickMs);
      work.then(
        (value) => {
          this.#waiters.delete(waiter);
          resolve(value);
        },
        (error: unknown) => {
          this.#waiters.delete(waiter);
          reject(error);
        },
      );
    });
  }

  /** The timer goes on from call to call, and ends with the first tick that nobody waits for. */
  #tick(): void {
    if (this.#waiters.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const waiter of this.#waiters) {
      waiter.ticksLeft -= 1;
      if (waiter.ticksLeft > 0) continue;
      this.#waiters.delete(waiter);
      waiter.giveUp();
    }
  }
}
