import { slidingWindow } from "#lib/rate-limits/limit";
import type { LimitBody } from "#lib/rate-limits/limit-body";
import { writeLimits } from "#lib/rate-limits/translate-limits";

/** A partner's rate limit as its account stores it: so many requests in any 60 seconds, with each of its keys. */
export function perMinute(rate: number): LimitBody[] {
  return writeLimits([slidingWindow(rate, 60)]);
}
