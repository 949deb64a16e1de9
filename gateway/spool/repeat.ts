export interface RepeatOptions {
  /** Asked before each pause. */
  intervalMs: () => number;
  /** After failures the pause doubles, up to this. */
  pauseMaxMs: number;
  /** Told of the first failure, and of every twentieth in a row. */
  onError: (error: unknown) => void;
}

export interface Repetition {
  /**
   * Starts the next run (after the one that is running) without waiting for the interval, and resolves when it has succeeded, or
   * after `timeoutMs`. Runs that take their time are kept four times as long apart, up to the interval: whoever asks often does
   * not make work of its own.
   */
  soon(timeoutMs: number): Promise<void>;
  /** Resolves when the run that is going on has ended; there will be no other. */
  stop(): Promise<void>;
}

const idleRatio = 4;

/** Runs `work` again and again with a pause between, never twice at once. */
export function repeat(work: () => Promise<void>, { intervalMs, pauseMaxMs, onError }: RepeatOptions): Repetition {
  let started = 0;
  let tookMs = 0;
  let failures = 0;
  let isStopped = false;
  let wake = (): void => {};
  let waiters: { run: number; resolve: () => void }[] = [];

  const runOnce = async (): Promise<void> => {
    started += 1;
    const run = started;
    const startedAtMs = performance.now();
    try {
      await work();
      failures = 0;
      for (const waiter of waiters) if (waiter.run <= run) waiter.resolve();
      waiters = waiters.filter((waiter) => waiter.run > run);
    } catch (error) {
      failures += 1;
      if (failures % 20 === 1) onError(error);
    }
    tookMs = performance.now() - startedAtMs;
  };

  const pauseMs = (): number => {
    if (isStopped) return 0;
    if (failures > 0) return Math.min(intervalMs() * 2 ** failures, pauseMaxMs);
    return waiters.length > 0 ? Math.min(tookMs * idleRatio, intervalMs()) : intervalMs();
  };

  const pause = (): Promise<void> => {
    const startedAtMs = performance.now();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      wake = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.max(0, startedAtMs + pauseMs() - performance.now()));
      };
      wake();
    });
  };

  const running = (async () => {
    while (!isStopped) {
      await runOnce();
      if (!isStopped) await pause();
    }
  })();

  return {
    soon(timeoutMs) {
      if (isStopped) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        waiters.push({ run: started + 1, resolve: () => [clearTimeout(timer), resolve()] });
        if (failures === 0) wake();
      });
    },
    async stop() {
      isStopped = true;
      wake();
      await running;
      for (const waiter of waiters) waiter.resolve();
    },
  };
}
