import { effectiveLimits } from "#lib/keys/effective-limits";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import type { ChangeFeed } from "#lib/platform/changes";
import { PushedCache } from "#lib/platform/pushed-cache";
import { type Runtime, runtime } from "#lib/platform/runtime";

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
  }
}

const cachedKeysMax = 100_000;

/** The process's tables of known keys; a change of a key drops its entries. */
export function openKeyCaches(feed: ChangeFeed): Pick<Runtime, "apiKeys" | "apiKeysById"> {
  const options = { kind: "key", max: cachedKeysMax };
  return {
    apiKeys: new PushedCache(feed, { ...options, load: loadByFingerprint, idOf: (key) => key.id }),
    apiKeysById: new PushedCache(feed, { ...options, load: loadById }),
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

async function loadByFingerprint(fingerprints: string[]): Promise<Map<string, VerifiedKey>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow & { fingerprint: string; is_previous: boolean }>(
    keysByFingerprint,
    [fingerprints],
  );
  return new Map(rows.map((row) => [row.fingerprint, verifiedKey(row, row.is_previous)]));
}

async function loadById(ids: string[]): Promise<Map<string, KeySecrets>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow>(keysById, [ids]);
  return new Map(rows.map((row) => [row.id, secretsOf(row)]));
}

function secretsOf(row: KeyRow): KeySecrets {
  return { current: verifiedKey(row, false), previous: row.previous_hash && verifiedKey(row, true) };
}

function verifiedKey(row: KeyRow, isPrevious: boolean): VerifiedKey {
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
    limits: effectiveLimits(row.limits, row.account_limits),
    limitsFrom: row.limits !== null ? "key" : row.account_limits !== null ? "account" : "installation",
    accountKind: row.account_kind,
    accountName: row.account_name,
    accountNumber: row.account_number,
    accountServiceIds: row.account_service_ids,
  };
}
