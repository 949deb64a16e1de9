import { AppError, isAppError } from "#lib/core/errors";
import { isInRanges } from "#lib/core/ip-addresses";
import type { AccountState, TenantState } from "#lib/identity/global-lookups";
import { isWellFormedSecret } from "#lib/keys/secret";
import { isDatabaseDown } from "#lib/platform/database-errors";
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
  /** The services it is restricted to; null: all of its account's. */
  serviceIds: readonly string[] | null;
  allowedIps: readonly string[];
  limits: readonly Limit[];
  /** Who chose them: somebody for this key, or for its account; else they are the installation's defaults. */
  limitsFrom: "key" | "account" | "installation";
  accountKind: "customer" | "reseller" | "partner" | "internal";
  accountName: string;
  accountNumber: number;
  /** The services its account may call; null: all of the tenant's. */
  accountServiceIds: readonly string[] | null;
  /** Who tries it in the explorer, from where; absent for everybody who holds the key. */
  triedBy?: { userId: string; ipAddress: string };
}

/** The key that may call, or why it may not. At once where everything is cached. */
export type KeyVerdict = VerifiedKey | AppError | Promise<VerifiedKey | AppError>;

/**
 * The key of a secret, if it may call now from this address; else the refusal, returned: 401 API_KEY_INVALID (unknown, malformed
 * and missing look alike), _REVOKED, _EXPIRED, _DISABLED; 403 IP_NOT_ALLOWED, ACCOUNT_SUSPENDED, TENANT_SUSPENDED; 503 when
 * nobody can tell. Rejects on faults of ours only.
 */
export function checkApiKey(secret: string, ipAddress: string, now: Date): KeyVerdict {
  if (!isWellFormedSecret(secret)) return unknownKey();
  const found = runtime().apiKeys.get(runtime().fingerprint(secret));
  const judged =
    found instanceof Promise ? found.then((key) => judge(key, ipAddress, now)) : judge(found, ipAddress, now);
  return orUnavailable(judged);
}

/** As `checkApiKey`, but throws the refusal. */
export async function verifyApiKey(secret: string, ipAddress: string, now: Date): Promise<VerifiedKey> {
  const verdict = await checkApiKey(secret, ipAddress, now);
  if (isAppError(verdict)) throw verdict;
  return verdict;
}

function judge(key: VerifiedKey | undefined, ipAddress: string, now: Date): KeyVerdict {
  return key && hasGoodSecret(key, now) ? judgeKey(key, ipAddress, now) : unknownKey();
}

/** Whether the secret this key was found by has not been replaced for good. */
export function hasGoodSecret({ secretExpiresAt }: VerifiedKey, now: Date): boolean {
  return secretExpiresAt === null || secretExpiresAt > now;
}

/** Everything about a known key but its secret: its state, its owner's, and the address it is called from. */
export function judgeKey(key: VerifiedKey, ipAddress: string, now: Date): KeyVerdict {
  const refusal = refusalOfState(key, now);
  if (refusal) return refusal;
  const { accounts, tenants } = runtime().identity;
  const account = accounts.get(key.accountId);
  const tenant = tenants.get(key.tenantId);
  const judgeOwners = (of: readonly [AccountState | undefined, TenantState | undefined]) =>
    refusalOfOwners(key, ...of) ?? refusalOfAddress(key, ipAddress) ?? key;
  if (account instanceof Promise || tenant instanceof Promise) return Promise.all([account, tenant]).then(judgeOwners);
  return judgeOwners([account, tenant]);
}

/** A look-up that failed because PostgreSQL is away is a 503, as long as nobody can tell. */
export function orUnavailable(verdict: KeyVerdict): KeyVerdict {
  return verdict instanceof Promise ? verdict.catch(unavailable) : verdict;
}

function unavailable(cause: unknown): AppError {
  if (!isDatabaseDown(cause)) throw cause;
  const detail = "Keys cannot be checked right now. The key may be good: retry.";
  return new AppError("AUTH_BACKEND_UNAVAILABLE", detail, { retryAfterSeconds: 2, cause });
}

/** The one answer for missing, malformed and unknown keys, and for keys of another tenant. */
export function unknownKey(): AppError {
  return new AppError("API_KEY_INVALID", "The API key is missing, incomplete or unknown.");
}

function refusalOfState(key: VerifiedKey, now: Date): AppError | undefined {
  if (key.status === "revoked")
    return keyError(key, "API_KEY_REVOKED", `This key was revoked on ${day(key.revokedAt ?? now)}.`);
  if (key.expiresAt && key.expiresAt <= now)
    return keyError(key, "API_KEY_EXPIRED", `This key expired on ${day(key.expiresAt)}.`);
  if (key.status === "disabled")
    return keyError(key, "API_KEY_DISABLED", "This key is disabled. It can be enabled in the portal.");
  return undefined;
}

function refusalOfOwners(
  key: VerifiedKey,
  account: AccountState | undefined,
  tenant: TenantState | undefined,
): AppError | undefined {
  if (tenant?.status !== "active") return keyError(key, "TENANT_SUSPENDED", "The operator of this API is suspended.");
  if (account?.status !== "active") return keyError(key, "ACCOUNT_SUSPENDED", "The account of this key is suspended.");
  return undefined;
}

function refusalOfAddress(key: VerifiedKey, ipAddress: string): AppError | undefined {
  if (key.allowedIps.length === 0 || isInRanges(ipAddress, key.allowedIps)) return undefined;
  return keyError(key, "IP_NOT_ALLOWED", `Calls with this key may not come from ${ipAddress}.`);
}

const day = (at: Date) => at.toISOString().slice(0, 10);

function keyError(key: VerifiedKey, code: AppError["code"], detail: string): AppError {
  return new AppError(code, detail, { about: key });
}

/** The known key behind a refusal: its owner sees the call in the logs, its limits count it. */
export function refusedKey(error: unknown): VerifiedKey | undefined {
  const about = isAppError(error) ? error.extras.about : undefined;
  return typeof about === "object" ? (about as VerifiedKey) : undefined;
}
