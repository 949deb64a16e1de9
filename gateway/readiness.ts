/** What a process needs before it should be sent requests: `ok`, or a word or two that tell a stranger nothing. */
export interface Readiness {
  ready: boolean;
  checks: Record<string, "ok" | string>;
}

export interface ReadinessOptions {
  /** Each says `ok`, or what is wrong in words for anybody; a rejection reads as `unreachable` and its reason is logged. */
  checks: Readonly<Record<string, () => string | Promise<string>>>;
  logger: { warn(fields: object, message: string): void };
  /** Monotonic. */
  nowMs: () => number;
}

const goodForMs = 1_000;

/** Runs the checks at most once a second, and never twice at a time, however often strangers ask. */
export function openReadiness({ checks, logger, nowMs }: ReadinessOptions): () => Promise<Readiness> {
  let latest: { begunAtMs: number; isUnderWay: boolean; readiness: Promise<Readiness> } | undefined;

  async function check(name: string, ask: () => string | Promise<string>): Promise<[string, string]> {
    try {
      return [name, await ask()];
    } catch (error) {
      logger.warn({ err: error, check: name }, "not ready");
      return [name, "unreachable"];
    }
  }

  async function checkAll(): Promise<Readiness> {
    const states = await Promise.all(Object.entries(checks).map(([name, ask]) => check(name, ask)));
    return { ready: states.every(([, state]) => state === "ok"), checks: Object.fromEntries(states) };
  }

  return () => {
    if (latest && (latest.isUnderWay || nowMs() - latest.begunAtMs < goodForMs)) return latest.readiness;
    const current = { begunAtMs: nowMs(), isUnderWay: true, readiness: checkAll() };
    latest = current;
    void current.readiness.finally(() => {
      current.isUnderWay = false;
    });
    return current.readiness;
  };
}
