import type { Actor, KeyBounds } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";
import { isInRanges } from "#lib/core/ip-addresses";
import { effectiveLimits } from "#lib/keys/effective-limits";
import type { ApiKeyRow } from "#lib/keys/repository";
import { capacityOf, effectiveWindowSeconds, type Limit } from "#lib/rate-limits/limit";

/** What a key may do and how it is restricted, whether stored or about to be. */
export interface KeyPowers {
  permissions: { read: boolean; write: boolean; admin: boolean };
  scopes: readonly string[];
  serviceIds: readonly string[] | null;
  allowedIps: readonly string[];
  expiresAt: Date | null;
  limits: readonly Limit[];
}

type Restrictions = Omit<KeyPowers, "permissions">;

/** The powers of a stored key. */
export function powersOf(row: ApiKeyRow): KeyPowers {
  return {
    permissions: { read: row.canRead, write: row.canWrite, admin: row.canAdmin },
    scopes: row.scopes,
    serviceIds: row.serviceIds as string[] | null,
    allowedIps: row.allowedIps,
    expiresAt: row.expiresAt,
    limits: effectiveLimits(row.limits, row.account.limits),
  };
}

/** What a restricted key does not say about a key it makes is as it is for itself (K10). */
export function inheritBounds(bounds: KeyBounds, said: Partial<Restrictions>): Partial<Restrictions> {
  return {
    scopes: said.scopes?.length ? said.scopes : bounds.scopes,
    serviceIds: said.serviceIds ?? bounds.serviceIds,
    allowedIps: said.allowedIps?.length ? said.allowedIps : bounds.allowedIps,
    expiresAt: said.expiresAt ?? bounds.expiresAt,
    ...(said.limits?.length ? { limits: said.limits } : bounds.limitsFrom === "key" && { limits: bounds.limits }),
  };
}

/**
 * Nobody makes, changes, enables or rotates a key that may do more than they may: with its secret they would be it. Throws
 * PERMISSION_DENIED naming what is too much.
 */
export function requireWithin({ grants, bounds }: Pick<Actor, "grants" | "bounds">, powers: KeyPowers): void {
  const flag = (["read", "write", "admin"] as const).find((name) => powers.permissions[name] && !grants[name]);
  if (flag)
    throw new AppError("PERMISSION_DENIED", `The key has the ${flag} permission, which you do not have yourself.`);
  const broken = bounds && firstBroken(bounds, powers);
  if (broken) {
    throw new AppError(
      "PERMISSION_DENIED",
      `The key you call with is restricted itself: ${broken} must stay within its own.`,
    );
  }
}

function firstBroken(
  { scopes, serviceIds, allowedIps, expiresAt, limits }: KeyBounds,
  powers: KeyPowers,
): string | undefined {
  if (scopes.length > 0 && !isPart(powers.scopes, (scope) => scopes.includes(scope))) return "scopes";
  if (serviceIds && !powers.serviceIds?.every((id) => serviceIds.includes(id))) return "service_ids";
  if (allowedIps.length > 0 && !isPart(powers.allowedIps, (range) => isWithin(range, allowedIps))) return "allowed_ips";
  if (expiresAt && (!powers.expiresAt || powers.expiresAt > expiresAt)) return "expires_at";
  if (!limits.every((bound) => powers.limits.some((limit) => keeps(limit, bound)))) return "limits";
  return undefined;
}

/** An empty list does not restrict at all, so it is no part of one that does. */
const isPart = (list: readonly string[], fits: (entry: string) => boolean) => list.length > 0 && list.every(fits);

/** A range lies within when it is listed itself, or is one address in a listed range. */
function isWithin(range: string, ranges: readonly string[]): boolean {
  return ranges.includes(range) || (!range.includes("/") && isInRanges(range, ranges));
}

/** At most as many at once, coming back at most as fast; a window with edges may let twice its number pass around one. */
function keeps(limit: Limit, bound: Limit): boolean {
  const isSameKind = limit.algorithm === bound.algorithm || limit.algorithm === "sliding_window";
  return (
    isSameKind &&
    capacityOf(limit) <= capacityOf(bound) &&
    effectiveWindowSeconds(limit) >= effectiveWindowSeconds(bound)
  );
}
