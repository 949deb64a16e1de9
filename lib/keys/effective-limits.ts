import type { KeyRules } from "#lib/keys/contract";
import { runtime } from "#lib/platform/runtime";
import { defaultKeyLimits } from "#lib/rate-limits/default-limits";
import { applyLegacyRates, type LegacyRates } from "#lib/rate-limits/legacy-rates";
import type { Limit } from "#lib/rate-limits/limit";
import type { LimitBody } from "#lib/rate-limits/limit-body";
import { readLimits } from "#lib/rate-limits/translate-limits";

const legacyFields = [
  "rate_limit",
  "rate_limit_period",
  "rate_limit_per_minute",
  "rate_limit_per_hour",
  "rate_limit_per_day",
] as const;

/** The limits a key is held to: its own, else its account's, else the installation's defaults (rules R1). Both as stored. */
export function effectiveLimits(stored: unknown, ofAccount: unknown): Limit[] {
  const chosen = stored ?? ofAccount;
  return chosen === null ? defaultKeyLimits(runtime().env) : readLimits(chosen as LimitBody[]);
}

/** What a key and its account say about limits, as stored. */
export interface StoredLimits {
  limits: unknown;
  account: { limits: unknown };
}

/**
 * The key's own limits after a write: `limits` replaces the list (null: back to its account's), a legacy rate field replaces
 * its window only (rules R6). Returns undefined when the write says nothing about limits.
 * A new key starts from its account's, except that S0's `rate_limit` alone is the key's only limit.
 */
export function writtenLimits(
  { limits: stored, account }: StoredLimits,
  written: KeyRules,
  isNew: boolean,
): Limit[] | null | undefined {
  const rates = Object.fromEntries(
    legacyFields.filter((field) => written[field] !== undefined).map((field) => [field, written[field]]),
  ) as Partial<LegacyRates>;
  const named = Object.keys(rates);
  if (named.length === 0) return written.limits && readLimits(written.limits);
  const isAlone = isNew && named.every((field) => field === "rate_limit" || field === "rate_limit_period");
  const kept = effectiveLimits(written.limits === null ? null : stored, account.limits);
  const start = isAlone && written.limits !== null ? [] : kept;
  const limits = applyLegacyRates(written.limits ? readLimits(written.limits) : start, rates);
  return limits.length === 0 ? null : limits;
}
