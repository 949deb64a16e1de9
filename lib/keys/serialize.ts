import type { ApiKey } from "#lib/keys/contract";
import { effectiveLimits } from "#lib/keys/effective-limits";
import type { ApiKeyRow } from "#lib/keys/repository";
import { legacyRatesOf } from "#lib/rate-limits/legacy-rates";
import { writeLimits } from "#lib/rate-limits/translate-limits";

/** A key as the outside sees it. Its hashes have no field here, so they cannot leave by mistake. */
export function serializeApiKey(row: ApiKeyRow, now: Date): ApiKey {
  const limits = effectiveLimits(row.limits, row.account.limits);
  const legacy = legacyRatesOf(limits);
  const status = statusOf(row, now);
  return {
    id: row.id,
    number: row.number,
    key_prefix: row.keyPrefix,
    key_last4: row.keyLast4,
    name: row.name,
    description: row.description,
    account_id: row.accountId,
    customer_id: row.accountId,
    created_by: row.createdBy,
    status,
    is_active: status === "active",
    permissions: { read: row.canRead, write: row.canWrite, admin: row.canAdmin },
    scopes: row.scopes,
    service_ids: row.serviceIds as string[] | null,
    allowed_ips: row.allowedIps,
    limits: writeLimits(limits),
    ...legacy,
    rate_limit_period: legacy.rate_limit_period ?? "hour",
    expires_at: row.expiresAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    rotated_at: row.rotatedAt?.toISOString() ?? null,
    previous_key: previousOf(row, now),
    ...usageOf(row),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export function statusOf(row: Pick<ApiKeyRow, "status" | "expiresAt">, now: Date): ApiKey["status"] {
  if (row.status === "revoked") return "revoked";
  if (row.expiresAt && row.expiresAt <= now) return "expired";
  return row.status === "disabled" ? "disabled" : "active";
}

function previousOf(row: ApiKeyRow, now: Date): ApiKey["previous_key"] {
  if (!row.previousExpiresAt || row.previousExpiresAt <= now || row.status === "revoked") return null;
  return {
    key_last4: row.previousLast4 ?? "",
    expires_at: row.previousExpiresAt.toISOString(),
    total_requests: 0, // these two by describeApiKey
    last_used: null,
  };
}

function usageOf(row: ApiKeyRow): Pick<ApiKey, "total_requests" | "last_used" | "last_used_ip"> {
  const latest = row.usage.toSorted((a, b) => (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0)).at(0);
  return {
    total_requests: row.usage.reduce((sum, { totalRequests }) => sum + Number(totalRequests), 0),
    last_used: latest?.lastUsedAt?.toISOString() ?? null,
    last_used_ip: latest?.lastUsedIp ?? null,
  };
}
