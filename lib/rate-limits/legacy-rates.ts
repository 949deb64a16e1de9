import { invalidField } from "#lib/core/errors";
import { type Limit, limitMax, slidingWindow, wholeNumber } from "#lib/rate-limits/limit";

export const periodSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
export type LegacyPeriod = keyof typeof periodSeconds;

/** The rate fields of S0 (`rate_limit`, `rate_limit_period`) and S1 (the rest), as read and written (D20, R6). */
export interface LegacyRates {
  readonly rate_limit: number | null;
  readonly rate_limit_period: LegacyPeriod | null;
  readonly rate_limit_per_minute: number | null;
  readonly rate_limit_per_hour: number | null;
  readonly rate_limit_per_day: number | null;
}

const namedFields = [
  ["rate_limit_per_minute", "minute"],
  ["rate_limit_per_hour", "hour"],
  ["rate_limit_per_day", "day"],
] as const satisfies readonly [keyof LegacyRates, LegacyPeriod][];

export function isLegacyPeriod(value: unknown): value is LegacyPeriod {
  return typeof value === "string" && Object.hasOwn(periodSeconds, value);
}

/**
 * A list of limits as the legacy fields tell it: sliding windows only, null where there is none. `rate_limit` is the
 * first of the list that has a period, which is the one last written through it.
 */
export function legacyRatesOf(limits: readonly Limit[]): LegacyRates {
  const first = firstWithPeriod(limits);
  return {
    rate_limit: first?.rate ?? null,
    rate_limit_period: first?.period ?? null,
    rate_limit_per_minute: rateOf(limits, "minute"),
    rate_limit_per_hour: rateOf(limits, "hour"),
    rate_limit_per_day: rateOf(limits, "day"),
  };
}

/**
 * The list after a write through legacy fields. Absent keeps, null removes that window, a number replaces that window
 * only. `rate_limit` without a period means the period it is read with, an hour on a list that has none; a period alone
 * moves the rate to it.
 * @throws AppError VALIDATION_FAILED for a wrong value, or two fields that contradict each other about one window
 */
export function applyLegacyRates(limits: readonly Limit[], written: Partial<LegacyRates>): Limit[] {
  let list = [...limits];
  for (const [field, period] of namedFields) {
    const rate = written[field];
    if (rate === undefined) continue;
    list = withRate(list, period, checkedRate(rate, field));
  }
  return applyRateWithPeriod(list, limits, written);
}

function applyRateWithPeriod(list: Limit[], before: readonly Limit[], written: Partial<LegacyRates>): Limit[] {
  if (written.rate_limit === undefined && written.rate_limit_period === undefined) return list;
  const shown = firstWithPeriod(before);
  const period = checkedPeriod(written.rate_limit_period) ?? shown?.period ?? "hour";
  const rate = written.rate_limit === undefined ? shown?.rate : checkedRate(written.rate_limit, "rate_limit");
  if (rate === undefined) throw invalidField("rate_limit_period", "A period needs rate_limit.");
  const named = namedFields.find((entry) => entry[1] === period)?.[0];
  if (named && written[named] !== undefined && written[named] !== rate) {
    throw invalidField("rate_limit", `This says otherwise than ${named}.`);
  }
  const isMoved = written.rate_limit === undefined && shown !== undefined && shown.period !== period;
  const rest = isMoved ? withRate(list, shown.period, null) : list;
  const own = withRate(rest, period, rate).filter((limit) => isWindowOf(limit, period));
  return [...own, ...rest.filter((limit) => !isWindowOf(limit, period))];
}

/** The list with the sliding window of a period replaced where it stands, removed, or added at the end. */
function withRate(limits: readonly Limit[], period: LegacyPeriod, rate: number | null): Limit[] {
  if (rate === null) return limits.filter((limit) => !isWindowOf(limit, period));
  const at = limits.findIndex((limit) => isWindowOf(limit, period));
  const replaced = slidingWindow(rate, periodSeconds[period], limits[at]?.id);
  if (at === -1) return [...limits, replaced];
  return limits.with(at, replaced).filter((limit, index) => index === at || !isWindowOf(limit, period));
}

function isWindowOf(limit: Limit, period: LegacyPeriod): boolean {
  return limit.algorithm === "sliding_window" && limit.windowSeconds === periodSeconds[period];
}

function rateOf(limits: readonly Limit[], period: LegacyPeriod): number | null {
  return limits.find((limit) => isWindowOf(limit, period))?.limit ?? null;
}

function firstWithPeriod(limits: readonly Limit[]): { rate: number; period: LegacyPeriod } | undefined {
  for (const limit of limits) {
    for (const period of ["second", "minute", "hour", "day"] as const) {
      if (isWindowOf(limit, period)) return { rate: limit.limit, period };
    }
  }
  return undefined;
}

function checkedRate(rate: unknown, field: keyof LegacyRates): number | null {
  return rate === null ? null : wholeNumber(rate, limitMax, field);
}

function checkedPeriod(period: unknown): LegacyPeriod | undefined {
  if (period === undefined || period === null) return undefined;
  if (isLegacyPeriod(period)) return period;
  throw invalidField("rate_limit_period", "Use second, minute, hour or day.");
}
