import { invalidField } from "#lib/core/errors";

export type LimitAlgorithm = "sliding_window" | "fixed_window" | "token_bucket";

/**
 * One rate limit, validated (rule R15). Windows admit `limit` calls per `windowSeconds`; a `burst` on a window is a
 * further sliding window of one second. A bucket holds `burst ?? limit` tokens and gains `refillPerSecond`, or
 * `limit / windowSeconds`. Fixed windows start at multiples of their length since 1970 (UTC), so twice the limit may
 * pass around an edge; `alignedTo` moves the edge of a day to a wall-clock time of `timezone`.
 */
export interface Limit {
  /** Names the limit in headers and, with the subject, its counter. Not unique over tenants or subjects. */
  readonly id: string;
  readonly algorithm: LimitAlgorithm;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly burst?: number;
  readonly refillPerSecond?: number;
  readonly alignedTo?: string;
  readonly timezone?: string;
  /** Without Redis: "share" (default) counts limit ÷ processes here, "strict" also at most 5 a minute (sign-in, tokens). */
  readonly onStoreLoss?: "share" | "strict";
}

/** A limit as somebody wrote it: nothing about it is known yet. */
export type LimitInput = { readonly [Field in keyof Limit]?: unknown };

export const limitMax = 1_000_000_000;
export const windowMaxSeconds = 366 * 86_400;
const daySeconds = 86_400;

/** Double division of integers up to here never rounds over a whole number, so floor and ceil of it are exact. */
const exactDivisionMax = 2 ** 50;

const windowNames = new Map([
  [1, "second"],
  [60, "minute"],
  [3600, "hour"],
  [daySeconds, "day"],
]);

/** "minute" for 60, "day" for 86400, "90s" otherwise: the id of a limit that nobody named. */
export function windowLimitId(windowSeconds: number): string {
  return windowNames.get(windowSeconds) ?? `${windowSeconds}s`;
}

/** A sliding window, the kind every unnamed limit is. */
export function slidingWindow(limit: number, windowSeconds: number, id = windowLimitId(windowSeconds)): Limit {
  return { id, algorithm: "sliding_window", limit, windowSeconds };
}

/**
 * Checks and completes a limit. `path` is where it stands in the body ("limits/0"), for the pointer of the refusal.
 * @throws AppError VALIDATION_FAILED naming the field
 */
export function normalizeLimit(input: LimitInput, path = ""): Limit {
  const at = path === "" ? "" : `${path}/`;
  const algorithm = algorithmOf(input.algorithm, at);
  const rates = algorithm === "token_bucket" ? bucketRates(input, at) : windowRates(input, at);
  const id = input.id ?? windowLimitId(rates.windowSeconds);
  if (typeof id !== "string" || !/^[\x21-\x7e]{1,100}$/.test(id)) {
    throw invalidField(`${at}id`, "Use 1 to 100 printable ASCII characters without spaces.");
  }
  if (input.onStoreLoss !== undefined && input.onStoreLoss !== "share" && input.onStoreLoss !== "strict") {
    throw invalidField(`${at}on_store_loss`, "Use share or strict.");
  }
  const limit: Limit = { id, algorithm, ...rates, ...alignment(input, algorithm, rates.windowSeconds, at) };
  return input.onStoreLoss === undefined ? limit : { ...limit, onStoreLoss: input.onStoreLoss };
}

/** How many calls an untouched limit admits at once: the `X-RateLimit-Limit` of it. */
export function capacityOf(limit: Limit): number {
  return limit.algorithm === "token_bucket" ? (limit.burst ?? limit.limit) : limit.limit;
}

/** Seconds over which the whole capacity comes back: of a bucket the time from empty to full. */
export function effectiveWindowSeconds(limit: Limit): number {
  if (limit.algorithm !== "token_bucket") return limit.windowSeconds;
  const { perMs, perToken } = refillOf(limit);
  return Math.ceil((capacityOf(limit) * perToken) / (perMs * 1000));
}

/** A bucket's refill as whole numbers: `perMs` units arrive each millisecond and `perToken` units make one token. */
export function refillOf(limit: Limit): { perMs: number; perToken: number } {
  const perMs = limit.refillPerSecond === undefined ? limit.limit : Math.round(limit.refillPerSecond * 1000);
  const perToken = limit.refillPerSecond === undefined ? limit.windowSeconds * 1000 : 1_000_000;
  const divisor = greatestCommonDivisor(perMs, perToken);
  return { perMs: perMs / divisor, perToken: perToken / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function algorithmOf(value: unknown, at: string): LimitAlgorithm {
  if (value === undefined) return "sliding_window";
  if (value === "sliding_window" || value === "fixed_window" || value === "token_bucket") return value;
  throw invalidField(`${at}algorithm`, "Use sliding_window, fixed_window or token_bucket.");
}

function windowRates(input: LimitInput, at: string): Pick<Limit, "limit" | "windowSeconds" | "burst"> {
  const limit = wholeNumber(input.limit, limitMax, `${at}limit`);
  const windowSeconds = wholeNumber(input.windowSeconds, windowMaxSeconds, `${at}window_seconds`);
  if (input.refillPerSecond !== undefined) throw invalidField(`${at}refill_rate`, "Only a token bucket refills.");
  if (input.burst === undefined) return { limit, windowSeconds };
  return { limit, windowSeconds, burst: wholeNumber(input.burst, limitMax, `${at}burst`) };
}

/** A bucket may be told as limit per window, as size and refill, or both; the refill then sets the pace. */
function bucketRates(input: LimitInput, at: string): Omit<Limit, "id" | "algorithm"> {
  const limit = wholeNumber(input.limit ?? input.burst, limitMax, `${at}limit`);
  const burst = input.burst === undefined ? {} : { burst: wholeNumber(input.burst, limitMax, `${at}burst`) };
  const refill = input.refillPerSecond === undefined ? {} : { refillPerSecond: refillRate(input.refillPerSecond, at) };
  const pace = refill.refillPerSecond;
  const fillSeconds = pace === undefined ? undefined : Math.ceil((burst.burst ?? limit) / pace);
  const windowSeconds = wholeNumber(input.windowSeconds ?? fillSeconds, windowMaxSeconds, `${at}window_seconds`);
  const rates = { limit, windowSeconds, ...burst, ...refill };
  const bucket: Limit = { id: "", algorithm: "token_bucket", ...rates };
  if (capacityOf(bucket) * refillOf(bucket).perToken > exactDivisionMax) {
    throw invalidField(`${at}${input.burst === undefined ? "limit" : "burst"}`, "Too large for a bucket that slow.");
  }
  return rates;
}

function refillRate(value: unknown, at: string): number {
  const isThousandths = typeof value === "number" && Math.abs(Math.round(value * 1000) - value * 1000) < 1e-6;
  if (!isThousandths || value < 0.001 || value > 1_000_000) {
    throw invalidField(`${at}refill_rate`, "Use 0.001 to 1000000 tokens a second, with at most three decimals.");
  }
  return value;
}

function alignment(
  input: LimitInput,
  algorithm: LimitAlgorithm,
  windowSeconds: number,
  at: string,
): Pick<Limit, "alignedTo" | "timezone"> {
  const { alignedTo, timezone = "UTC" } = input;
  if (alignedTo === undefined) {
    if (input.timezone !== undefined) throw invalidField(`${at}timezone`, "A time zone needs aligned_to.");
    return {};
  }
  if (algorithm !== "fixed_window" || windowSeconds !== daySeconds) {
    throw invalidField(`${at}aligned_to`, "Only a fixed window of one day can be aligned to a time of day.");
  }
  if (typeof alignedTo !== "string" || !/^([01]\d|2[0-3]):[0-5]\d$/.test(alignedTo)) {
    throw invalidField(`${at}aligned_to`, "Write the time of day as HH:MM.");
  }
  if (typeof timezone !== "string" || !isTimezone(timezone)) {
    throw invalidField(`${at}timezone`, "Use an IANA time zone, such as Europe/Berlin.");
  }
  return { alignedTo, timezone };
}

function isTimezone(name: string): boolean {
  try {
    return name.length <= 64 && new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

/** A whole number from 1 to `max`, or the refusal of the field. */
export function wholeNumber(value: unknown, max: number, field: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > max) {
    throw invalidField(field, `Use a whole number from 1 to ${max}.`);
  }
  return value;
}
