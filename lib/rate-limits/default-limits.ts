import { isLegacyPeriod, periodSeconds } from "#lib/rate-limits/legacy-rates";
import { type Limit, normalizeLimit, slidingWindow, windowLimitId } from "#lib/rate-limits/limit";

/** The settings default limits come from (rule R1), as `lib/platform/env.ts` reads them. */
export interface DefaultLimitSettings {
  /** `60/minute,1000/hour,10000/day` */
  readonly DEFAULT_RATE_LIMITS?: string | undefined;
  readonly API_RATE_LIMIT_DEFAULT?: number | undefined;
  /** Seconds. */
  readonly API_RATE_LIMIT_WINDOW?: number | undefined;
}

/**
 * Limits of a key that has none of its own, in an account without a plan. `API_RATE_LIMIT_DEFAULT` with
 * `API_RATE_LIMIT_WINDOW` (an hour if absent) replaces the list.
 * @throws Error when the list cannot be read
 */
export function defaultKeyLimits(settings: DefaultLimitSettings): Limit[] {
  const { API_RATE_LIMIT_DEFAULT: limit, API_RATE_LIMIT_WINDOW: windowSeconds = periodSeconds.hour } = settings;
  if (limit !== undefined) return [normalizeLimit({ limit, windowSeconds, id: windowLimitId(windowSeconds) })];
  return parseRateList(settings.DEFAULT_RATE_LIMITS ?? "60/minute,1000/hour,10000/day");
}

/** Reads `60/minute,1000/hour` as sliding windows, in that order. */
export function parseRateList(text: string): Limit[] {
  return text.split(",").map((rate) => {
    const [limit, period, more] = rate.trim().split("/");
    if (!limit || !/^\d{1,10}$/.test(limit) || !isLegacyPeriod(period) || more !== undefined) {
      throw new Error(`"${rate}" is not a rate such as 60/minute.`);
    }
    return normalizeLimit(slidingWindow(Number(limit), periodSeconds[period]));
  });
}

/** Limits of a route that has no policy for them (rule R1, S2): 1000 a minute, at most 100 of them in one second. */
export function defaultRouteLimits(): Limit[] {
  return [normalizeLimit({ limit: 1000, windowSeconds: 60, burst: 100, id: "route" })];
}
