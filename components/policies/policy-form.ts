import type { LimitBody } from "#lib/rate-limits/limit-body";
import { numberOf, textOf } from "@/components/portal/use-body-form";

/** One limit as the form holds it. `kept` is one the form has no fields for: it stays as it is, or goes. */
export interface LimitValues {
  algorithm: LimitBody["algorithm"];
  limit: string;
  window_seconds: string;
  burst: string;
  kept: LimitBody | null;
}

export const newLimit: LimitValues = {
  algorithm: "sliding_window",
  limit: "",
  window_seconds: "60",
  burst: "",
  kept: null,
};

export function limitValues(limit: LimitBody): LimitValues {
  const hasNoFields = limit.refill_rate ?? limit.tokens_per_second ?? limit.aligned_to;
  return {
    algorithm: limit.algorithm,
    limit: textOf(limit.limit),
    window_seconds: textOf(limit.window_seconds ?? 60),
    burst: textOf(limit.burst),
    kept: hasNoFields === undefined ? null : limit,
  };
}

export function limitBodyOf({ algorithm, limit, window_seconds, burst, kept }: LimitValues): Partial<LimitBody> {
  if (kept) return kept;
  const burstCalls = numberOf(burst);
  return {
    algorithm,
    limit: numberOf(limit) ?? Number.NaN, // a limit without a number is not "no limit"
    window_seconds: Number(window_seconds),
    ...(burstCalls !== undefined && { burst: burstCalls }),
  };
}
