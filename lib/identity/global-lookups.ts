import { runtime } from "#lib/platform/runtime";

/**
 * What has to be read before it is known whose tenant a request belongs to. These run on the platform handle, which sees all
 * tenants; there are no others in this domain, and none of them answers a tenant's question.
 */

export interface LiveSession {
  id: string;
  userId: string;
  kind: "browser" | "program";
  expiresAt: Date;
  /** Moved forward in the cache by whoever writes it down. */
  lastSeenAt: Date;
  endedAt: Date | null;
}

export type Status = "active" | "suspended";

export interface PersonMembership {
  id: string;
  tenantId: string;
  accountId: string | null;
  role: "developer" | "owner" | "tenant_admin" | "super_admin";
}

export interface Person {
  id: string;
  email: string;
  name: string;
  status: Status;
  /** Oldest first. */
  memberships: readonly PersonMembership[];
}

export interface AccountState {
  id: string;
  number: number;
  tenantId: string;
  name: string;
  kind: "customer" | "reseller" | "partner" | "internal";
  status: Status;
}

export interface TenantState {
  id: string;
  slug: string;
  name: string;
  status: Status;
}

const platform = () => runtime().postgres.platform;
const byId = <T extends { id: string }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]));

export async function findSessions(ids: string[]): Promise<Map<string, LiveSession>> {
  const { rows } = await platform().query<LiveSession>(
    `SELECT id, user_id AS "userId", kind, expires_at AS "expiresAt", last_seen_at AS "lastSeenAt", ended_at AS "endedAt"
     FROM sessions WHERE id = ANY($1)`,
    [ids],
  );
  return byId(rows);
}

export async function findPeople(ids: string[]): Promise<Map<string, Person>> {
  const { rows } = await platform().query<Person>(
    `SELECT u.id, u.email, u.name, u.status, coalesce(m.list, '[]') AS memberships
     FROM users u LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('id', id, 'tenantId', tenant_id, 'accountId', account_id, 'role', role) ORDER BY created_at, id) AS list
       FROM memberships WHERE user_id = u.id) m ON true
     WHERE u.id = ANY($1)`,
    [ids],
  );
  return byId(rows);
}

export async function findAccountStates(ids: string[]): Promise<Map<string, AccountState>> {
  const { rows } = await platform().query<AccountState>(
    `SELECT id, number, tenant_id AS "tenantId", name, kind, status FROM accounts WHERE id = ANY($1)`,
    [ids],
  );
  return byId(rows);
}

/** The name the default tenant is looked up by. */
export const defaultTenant = "default";

/** Finds tenants by id, by `host:<name>`, or the default one by its name. */
export async function findTenantStates(keys: string[]): Promise<Map<string, TenantState>> {
  const { rows } = await platform().query<TenantState & { key: string }>(
    `SELECT k.key, t.id, t.slug, t.name, t.status
     FROM unnest($1::text[]) AS k(key)
     JOIN tenants t ON t.id = k.key OR (k.key = $2 AND t.is_default) OR (k.key LIKE 'host:%' AND substr(k.key, 6) = ANY(t.hosts))`,
    [keys, defaultTenant],
  );
  return new Map(rows.map(({ key, ...tenant }) => [key, tenant]));
}

export interface SignInRow {
  id: string;
  email: string;
  passwordHash: string | null;
  isVerified: boolean;
  status: Status;
}

/** The person with a canonical e-mail address, for sign-in. */
export async function findSignIn(email: string): Promise<SignInRow | undefined> {
  const { rows } = await platform().query<SignInRow>(
    `SELECT id, email, password_hash AS "passwordHash", email_verified_at IS NOT NULL AS "isVerified", status FROM users WHERE email = $1`,
    [email],
  );
  return rows[0];
}
