import { AppError, isAppError } from "#lib/core/errors";
import { isInRanges } from "#lib/core/ip-addresses";
import type {} from "#lib/identity/compose-identity";
import { effectiveLimits } from "#lib/keys/effective-limits";
import { hashSecret, isWellFormedSecret } from "#lib/keys/secret";
import type { ChangeFeed } from "#lib/platform/changes";
import { isDatabaseDown } from "#lib/platform/database-errors";
import { PushedCache } from "#lib/platform/pushed-cache";
import { runtime } from "#lib/platform/runtime";
import type { Limit } from "#lib/rate-limits/limit";

/** A key as the gateway needs it on every request. */
export interface VerifiedKey {
  id: string;
  tenantId: string;
  accountId: string;
  name: string;
  status: "active" | "disabled" | "revoked";
  revokedAt: Date | null;
  expiresAt: Date | null;
  /** When this secret ends: set when it is the one before the last rotation. */
  secretExpiresAt: Date | null;
  /** Which of the key's secrets it is, counted from 1. */
  generation: number;
  permissions: { read: boolean; write: boolean; admin: boolean };
  scopes: readonly string[];
  serviceIds: readonly string[] | null;
  allowedIps: readonly string[];
  limits: readonly Limit[];
  /** Somebody chose them for this key; else they are the installation's defaults. */
  hasOwnLimits: boolean;
  accountKind: "customer" | "reseller" | "partner" | "internal";
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    apiKeys: PushedCache<VerifiedKey>;
  }
}

const cachedKeysMax = 100_000;

/** The process's table of verified keys, by secret hash; a change of a key drops its entries. */
export function openApiKeys(feed: ChangeFeed): PushedCache<VerifiedKey> {
  return new PushedCache<VerifiedKey>(feed, { kind: "key", max: cachedKeysMax, load: loadKeys, idOf: (key) => key.id });
}

/**
 * The key of a secret, if it may call now from this address. Throws 401 API_KEY_INVALID (unknown, malformed and missing look
 * alike), _REVOKED, _EXPIRED, _DISABLED; 403 IP_NOT_ALLOWED, ACCOUNT_SUSPENDED, TENANT_SUSPENDED; 503 when nobody can tell.
 */
export async function verifyApiKey(secret: string, ipAddress: string, now: Date): Promise<VerifiedKey> {
  if (!isWellFormedSecret(secret)) throw invalidKey();
  const key = await lookUp(Buffer.from(hashSecret(runtime().env.KEY_PEPPER, secret)).toString("base64"));
  if (!key || (key.secretExpiresAt && key.secretExpiresAt <= now)) throw invalidKey();
  requireUsable(key, now);
  await requireOwnerActive(key);
  if (key.allowedIps.length > 0 && !isInRanges(ipAddress, key.allowedIps)) {
    throw keyError(key, "IP_NOT_ALLOWED", `Calls with this key may not come from ${ipAddress}.`);
  }
  return key;
}

async function lookUp(hash: string): Promise<VerifiedKey | undefined> {
  try {
    return await runtime().apiKeys.get(hash);
  } catch (error) {
    if (!isDatabaseDown(error)) throw error;
    throw new AppError("AUTH_BACKEND_UNAVAILABLE", "Keys cannot be checked right now. The key may be good: retry.", {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
}

function invalidKey(): AppError {
  return new AppError("API_KEY_INVALID", "The API key is missing, incomplete or unknown.");
}

function requireUsable(key: VerifiedKey, now: Date): void {
  if (key.status === "revoked")
    throw keyError(key, "API_KEY_REVOKED", `This key was revoked on ${day(key.revokedAt ?? now)}.`);
  if (key.expiresAt && key.expiresAt <= now)
    throw keyError(key, "API_KEY_EXPIRED", `This key expired on ${day(key.expiresAt)}.`);
  if (key.status === "disabled")
    throw keyError(key, "API_KEY_DISABLED", "This key is disabled. It can be enabled in the portal.");
}

async function requireOwnerActive(key: VerifiedKey): Promise<void> {
  const { accounts, tenants } = runtime().identity;
  const [account, tenant] = await Promise.all([accounts.get(key.accountId), tenants.get(key.tenantId)]);
  if (tenant?.status !== "active") throw keyError(key, "TENANT_SUSPENDED", "The operator of this API is suspended.");
  if (account?.status !== "active") throw keyError(key, "ACCOUNT_SUSPENDED", "The account of this key is suspended.");
}

const day = (at: Date) => at.toISOString().slice(0, 10);

function keyError(key: VerifiedKey, code: AppError["code"], detail: string): AppError {
  return new AppError(code, detail, { about: key });
}

/** The known key behind a refusal of `verifyApiKey`: its owner sees the call in the logs, its limits count it. */
export function refusedKey(error: unknown): VerifiedKey | undefined {
  const about = isAppError(error) ? error.extras.about : undefined;
  return typeof about === "object" ? (about as VerifiedKey) : undefined;
}

interface KeyRow {
  hash: string;
  is_previous: boolean;
  id: string;
  tenant_id: string;
  account_id: string;
  name: string;
  status: VerifiedKey["status"];
  revoked_at: Date | null;
  expires_at: Date | null;
  previous_expires_at: Date | null;
  generation: number;
  can_read: boolean;
  can_write: boolean;
  can_admin: boolean;
  scopes: string[];
  service_ids: string[] | null;
  allowed_ips: string[];
  limits: unknown;
  account_kind: VerifiedKey["accountKind"];
}

// Known before a tenant is: this is one of the few questions asked as the platform role.
const keysByHash = `
  SELECT encode(wanted.hash, 'base64') AS hash, k.previous_hash = wanted.hash AS is_previous, k.*, a.kind AS account_kind
  FROM (SELECT decode(unnest($1::text[]), 'base64') AS hash) AS wanted
  JOIN api_keys k ON k.secret_hash = wanted.hash OR k.previous_hash = wanted.hash
  JOIN accounts a ON a.id = k.account_id`;

async function loadKeys(hashes: string[]): Promise<Map<string, VerifiedKey>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow>(keysByHash, [hashes]);
  return new Map(rows.map((row) => [row.hash, verifiedKey(row)]));
}

function verifiedKey(row: KeyRow): VerifiedKey {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    accountId: row.account_id,
    name: row.name,
    status: row.status,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    secretExpiresAt: row.is_previous ? row.previous_expires_at : null,
    generation: row.is_previous ? row.generation - 1 : row.generation,
    permissions: { read: row.can_read, write: row.can_write, admin: row.can_admin },
    scopes: row.scopes,
    serviceIds: row.service_ids,
    allowedIps: row.allowed_ips,
    limits: effectiveLimits(row.limits),
    hasOwnLimits: row.limits !== null,
    accountKind: row.account_kind,
  };
}
