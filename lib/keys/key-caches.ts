import { effectiveLimits } from "#lib/keys/effective-limits";
import { createFingerprint } from "#lib/keys/secret";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import type { ChangeFeed } from "#lib/platform/changes";
import { PushedCache } from "#lib/platform/pushed-cache";
import { type Runtime, runtime } from "#lib/platform/runtime";
import type { Limit } from "#lib/rate-limits/limit";

/** A key by its id, as each of its secrets would be verified: a token names a key and which of its secrets it was made from. */
export interface KeySecrets {
  current: VerifiedKey;
  /** The one before the last rotation, if that left an overlap. */
  previous: VerifiedKey | null;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    /** By the fingerprint of a secret. */
    apiKeys: PushedCache<VerifiedKey>;
    apiKeysById: PushedCache<KeySecrets>;
    fingerprint: (secret: string) => string;
  }
}

const cachedKeysMax = 200_000;

/** The process's tables of known keys; a change of a key drops its entries. */
export function openKeyCaches(feed: ChangeFeed): Pick<Runtime, "apiKeys" | "apiKeysById" | "fingerprint"> {
  const options = { kind: "key", max: cachedKeysMax };
  const limitsOf = shareLimits();
  return {
    fingerprint: createFingerprint(runtime().env.KEY_PEPPER),
    apiKeys: new PushedCache(feed, {
      ...options,
      load: (fingerprints) => loadByFingerprint(fingerprints, limitsOf),
      idOf: (key) => key.id,
    }),
    apiKeysById: new PushedCache(feed, { ...options, load: (ids) => loadById(ids, limitsOf) }),
  };
}

interface KeyRow {
  id: string;
  tenant_id: string;
  account_id: string;
  name: string;
  status: VerifiedKey["status"];
  revoked_at: Date | null;
  expires_at: Date | null;
  previous_hash: Buffer | null;
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
  account_name: string;
  account_number: number;
  account_limits: unknown;
  account_service_ids: string[] | null;
}

const keyColumns = `k.*, a.kind AS account_kind, a.name AS account_name, a.number AS account_number, a.limits AS account_limits,
  CASE WHEN NOT a.all_services
    THEN ARRAY(SELECT g.service_id FROM account_services g WHERE g.account_id = a.id) END AS account_service_ids`;

// Known before a tenant is: these are two of the few questions asked as the platform role.
const keysByFingerprint = `
  SELECT encode(wanted.hash, 'base64') AS fingerprint, k.previous_hash IS NOT DISTINCT FROM wanted.hash AS is_previous, ${keyColumns}
  FROM (SELECT decode(unnest($1::text[]), 'base64') AS hash) AS wanted
  JOIN api_keys k ON k.secret_hash = wanted.hash OR k.previous_hash = wanted.hash
  JOIN accounts a ON a.id = k.account_id`;

const keysById = `SELECT ${keyColumns} FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE k.id = ANY($1)`;

async function loadByFingerprint(fingerprints: string[], limitsOf: LimitsOf): Promise<Map<string, VerifiedKey>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow & { fingerprint: string; is_previous: boolean }>(
    keysByFingerprint,
    [fingerprints],
  );
  return new Map(rows.map((row) => [row.fingerprint, verifiedKey(row, row.is_previous, limitsOf)]));
}

async function loadById(ids: string[], limitsOf: LimitsOf): Promise<Map<string, KeySecrets>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow>(keysById, [ids]);
  return new Map(rows.map((row) => [row.id, secretsOf(row, limitsOf)]));
}

function secretsOf(row: KeyRow, limitsOf: LimitsOf): KeySecrets {
  const current = verifiedKey(row, false, limitsOf);
  return { current, previous: row.previous_hash && verifiedKey(row, true, limitsOf) };
}

type LimitsOf = (row: Pick<KeyRow, "limits" | "account_limits">) => readonly Limit[];

const sharedLimitsMax = 10_000;

/** Most keys have one of a few sets of limits: keys with equal ones share them in memory. */
function shareLimits(): LimitsOf {
  const known = new Map<string, readonly Limit[]>();
  return ({ limits, account_limits }) => {
    const text = JSON.stringify([limits, account_limits]);
    const shared = known.get(text);
    if (shared) return shared;
    const made = effectiveLimits(limits, account_limits);
    if (known.size < sharedLimitsMax) known.set(text, made);
    return made;
  };
}

function verifiedKey(row: KeyRow, isPrevious: boolean, limitsOf: LimitsOf): VerifiedKey {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    accountId: row.account_id,
    name: row.name,
    status: row.status,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    secretExpiresAt: isPrevious ? row.previous_expires_at : null,
    generation: isPrevious ? row.generation - 1 : row.generation,
    permissions: { read: row.can_read, write: row.can_write, admin: row.can_admin },
    scopes: row.scopes,
    serviceIds: row.service_ids,
    allowedIps: row.allowed_ips,
    limits: limitsOf(row),
    limitsFrom: row.limits !== null ? "key" : row.account_limits !== null ? "account" : "installation",
    accountKind: row.account_kind,
    accountName: row.account_name,
    accountNumber: row.account_number,
    accountServiceIds: row.account_service_ids,
  };
}
