import type { KeyBounds } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";
import { isInRanges } from "#lib/core/ip-addresses";
import type { CheckedRules } from "#lib/keys/check-rules";
import type { Limit } from "#lib/rate-limits/limit";

type Bounded = CheckedRules & { limits?: Limit[] | null | undefined };

/**
 * Holds what a key writes about another key to its own restrictions (K10): what is not said is inherited, what is said must lie
 * within. Otherwise a key bound to one service, one network or one day could mint one that is not.
 */
export function inheritBounds(bounds: KeyBounds, written: Bounded): Bounded {
  const inherited: Bounded = {
    ...written,
    scopes: written.scopes?.length ? written.scopes : [...bounds.scopes],
    serviceIds: written.serviceIds ?? (bounds.serviceIds ? [...bounds.serviceIds] : null),
    allowedIps: written.allowedIps?.length ? written.allowedIps : [...bounds.allowedIps],
    expiresAt: written.expiresAt ?? bounds.expiresAt,
  };
  const broken = firstBroken(bounds, inherited);
  if (broken)
    throw new AppError(
      "PERMISSION_DENIED",
      `The key you call with is restricted itself: ${broken} must stay within its own.`,
    );
  return inherited;
}

function firstBroken(bounds: KeyBounds, rules: Bounded): string | undefined {
  const { scopes, serviceIds, allowedIps, expiresAt, limits } = bounds;
  if (scopes.length > 0 && !rules.scopes?.every((scope) => scopes.includes(scope))) return "scopes";
  if (serviceIds && !rules.serviceIds?.every((id) => serviceIds.includes(id))) return "service_ids";
  if (allowedIps.length > 0 && !rules.allowedIps?.every((range) => isWithin(range, allowedIps))) return "allowed_ips";
  if (expiresAt && (!rules.expiresAt || rules.expiresAt > expiresAt)) return "expires_at";
  if (rules.limits && !limits.every((bound) => rules.limits?.some((limit) => keeps(limit, bound)))) return "limits";
  return undefined;
}

/** A range lies within when it is listed itself, or is one address in a listed range. */
function isWithin(range: string, ranges: readonly string[]): boolean {
  return ranges.includes(range) || (!range.includes("/") && isInRanges(range, ranges));
}

const keeps = (limit: Limit, bound: KeyBounds["limits"][number]) =>
  limit.limit <= bound.limit && limit.windowSeconds >= bound.windowSeconds;
