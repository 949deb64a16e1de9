export interface RepeatOptions {
  intervalMs: number;
  /** After failures the pause doubles, up to this. */
  pauseMaxMs: number;
  /** Told of the first failure, and of every twentieth in a row. */
  onError: (error: unknown) => void;
}

export interface Repetition {
  /** Starts the next run at once (or after the one that is running) and resolves when it has succeeded, or after `timeoutMs`. */
  soon(timeoutMs: number): Promise<void>;
  /** Resolves when the run that is going on has ended; there will be no other. */
  stop(): Promise<void>;
}

/** Runs `work` again and again with a pause between, never twice at once. */
export function repeat(work: () => Promise<void>, { intervalMs, pauseMaxMs, onError }: RepeatOptions): Repetition {
  let started = 0;
  let failures = 0;
  let isStopped = false;
  let wake = (): void => {};
  let waiters: { run: number; resolve: () => void }[] = [];

  const runOnce = async (): Promise<void> => {
    started += 1;
    const run = started;
    try {
      await work();
      failures = 0;
      for (const waiter of waiters) if (waiter.run <= run) waiter.resolve();
      waiters = waiters.filter((waiter) => waiter.run > run);
    } catch (error) {
      failures += 1;
      if (failures % 20 === 1) onError(error);
    }
  };

  const pause = (): Promise<void> => {
    const isAwaited = failures === 0 && waiters.length > 0;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, isAwaited ? 0 : Math.min(intervalMs * 2 ** failures, pauseMaxMs));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
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
