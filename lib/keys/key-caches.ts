import { RecentMap } from "#lib/core/recent-map";
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
  const sharing = shareParts();
  return {
    fingerprint: createFingerprint(runtime().env.KEY_PEPPER),
    apiKeys: new PushedCache(feed, {
      ...options,
      load: (fingerprints) => loadByFingerprint(fingerprints, sharing),
      idOf: (key) => key.id,
    }),
    apiKeysById: new PushedCache(feed, { ...options, load: (ids) => loadById(ids, sharing) }),
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

async function loadByFingerprint(fingerprints: string[], sharing: Sharing): Promise<Map<string, VerifiedKey>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow & { fingerprint: string; is_previous: boolean }>(
    keysByFingerprint,
    [fingerprints],
  );
  return new Map(rows.map((row) => [row.fingerprint, verifiedKey(row, row.is_previous, sharing)]));
}

async function loadById(ids: string[], sharing: Sharing): Promise<Map<string, KeySecrets>> {
  const { rows } = await runtime().postgres.platform.query<KeyRow>(keysById, [ids]);
  return new Map(rows.map((row) => [row.id, secretsOf(row, sharing)]));
}

function secretsOf(row: KeyRow, sharing: Sharing): KeySecrets {
  const current = verifiedKey(row, false, sharing);
  return { current, previous: row.previous_hash && verifiedKey(row, true, sharing) };
}

/** Gives the one object or text that is kept for all equal ones. */
interface Sharing {
  text(text: string): string;
  list(list: readonly string[]): readonly string[];
  permissions(row: KeyRow): VerifiedKey["permissions"];
  limits(row: KeyRow): readonly Limit[];
}

const sharedMax = 10_000;

/** What keys have in common is kept once: a process may know 200,000 of them. */
function shareParts(): Sharing {
  const texts = new RecentMap<string, string>(sharedMax);
  const limits = new RecentMap<string, readonly Limit[]>(sharedMax);
  const permissions = new Map<number, VerifiedKey["permissions"]>();
  const none: readonly string[] = [];
  return {
    text: (text) => shared(texts, text, () => text),
    list: (list) => (list.length === 0 ? none : list),
    permissions({ can_read: read, can_write: write, can_admin: admin }) {
      const bits = (read ? 1 : 0) + (write ? 2 : 0) + (admin ? 4 : 0);
      const known = permissions.get(bits) ?? { read, write, admin };
      permissions.set(bits, known);
      return known;
    },
    limits: (row) =>
      shared(limits, JSON.stringify([row.limits, row.account_limits]), () =>
        effectiveLimits(row.limits, row.account_limits),
      ),
  };
}

function shared<Value>(known: RecentMap<string, Value>, name: string, make: () => Value): Value {
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  const made = make();
  known.set(name, made);
  return made;
}

function verifiedKey(row: KeyRow, isPrevious: boolean, sharing: Sharing): VerifiedKey {
  return {
    id: row.id,
    tenantId: sharing.text(row.tenant_id),
    accountId: sharing.text(row.account_id),
    name: sharing.text(row.name),
    status: row.status,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    secretExpiresAt: isPrevious ? row.previous_expires_at : null,
    generation: isPrevious ? row.generation - 1 : row.generation,
    permissions: sharing.permissions(row),
    scopes: sharing.list(row.scopes),
    serviceIds: row.service_ids,
    allowedIps: sharing.list(row.allowed_ips),
    limits: sharing.limits(row),
    limitsFrom: row.limits !== null ? "key" : row.account_limits !== null ? "account" : "installation",
    accountKind: row.account_kind,
    accountName: sharing.text(row.account_name),
    accountNumber: row.account_number,
    accountServiceIds: row.account_service_ids,
  };
}
