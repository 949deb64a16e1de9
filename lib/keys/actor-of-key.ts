import type { Actor } from "#lib/core/actor";
import { type Permission, permissionsOfKey } from "#lib/core/permissions";
import type { VerifiedKey } from "#lib/keys/verify-api-key";

/** A key as the one who asks: for its account, within its permissions narrowed by its scopes (rules R5). */
export function actorOfKey(key: VerifiedKey): Actor {
  const permissions = ofKind(key.accountKind, permissionsOfKey(key.permissions));
  return {
    kind: "api_key",
    id: key.id,
    tenantId: key.tenantId,
    accountId: key.accountId,
    role: null,
    permissions: key.scopes.length === 0 ? permissions : narrowed(permissions, key.scopes),
    grants: key.permissions,
    bounds: { ...key, limits: key.limitsFrom === "installation" ? [] : key.limits },
    // Only the operator's own keys can reach beyond their account: an admin key of a reseller reaches its customers, as any of its keys.
    reach: key.permissions.admin && key.accountKind === "internal" ? "*" : key.accountId,
    via: "api_key",
    sessionId: null,
  };
}

/** A partner's keys are the operator's to give: with each one it made itself, it would have its limit once more. */
function ofKind(kind: VerifiedKey["accountKind"], permissions: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return kind === "partner"
    ? new Set([...permissions].filter((permission) => permission !== "keys:write"))
    : permissions;
}

function narrowed(permissions: ReadonlySet<Permission>, scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set([...permissions].filter((permission) => scopes.includes(permission)));
}
