import type { RateLimitStatus } from "#lib/rate-limits/contract";

/** The answer about limits as a list: one who names a key is answered with that key alone. */
export function limitStatesOf(answer: RateLimitStatus | { data: RateLimitStatus[] }): RateLimitStatus[] {
  return "data" in answer ? answer.data : [answer];
}
