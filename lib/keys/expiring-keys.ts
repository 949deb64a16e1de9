import type { Db } from "#lib/platform/db";

/** A key that expires soon, and whom to tell. */
export interface ExpiringKey {
  id: string;
  tenantId: string;
  accountId: string;
  name: string;
  keyPrefix: string;
  keyLast4: string;
  expiresAt: Date;
  /** The nearest notice that is due. */
  daysAhead: number;
  /** E-mail addresses of the account's owners and of the person who made the key, if they still belong to the account. */
  recipients: string[];
}

/** Keys of all tenants for which a notice is due and not sent. */
export function findExpiringKeys(tx: Db, now: Date, noticeDays: readonly number[]): Promise<ExpiringKey[]> {
  return tx.$queryRaw<ExpiringKey[]>`
    SELECT k.id, k.tenant_id AS "tenantId", k.account_id AS "accountId", k.name, k.key_prefix AS "keyPrefix",
           k.key_last4 AS "keyLast4", k.expires_at AS "expiresAt", due.days AS "daysAhead", people.emails AS recipients
    FROM api_keys k
    CROSS JOIN LATERAL (
      SELECT min(days) AS days FROM unnest(${[...noticeDays]}::int[]) AS days
      WHERE k.expires_at <= ${now}::timestamptz + make_interval(days => days)
        AND k.created_at < k.expires_at - make_interval(days => days)) due
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT u.email), '{}') AS emails FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.account_id = k.account_id AND u.status = 'active' AND (m.role = 'owner' OR u.id = k.created_by)) people
    WHERE k.status = 'active' AND k.deleted_at IS NULL AND k.expires_at > ${now} AND due.days IS NOT NULL
      AND NOT EXISTS (SELECT FROM api_key_notices n
                      WHERE n.key_id = k.id AND n.expires_at = k.expires_at AND n.days_ahead <= due.days)
    ORDER BY k.expires_at
    LIMIT 1000`;
}

/** False when another run sent it meanwhile. */
export async function markNoticeSent(tx: Db, key: ExpiringKey, now: Date): Promise<boolean> {
  const inserted = await tx.$executeRaw`
    INSERT INTO api_key_notices (key_id, expires_at, days_ahead, sent_at)
    VALUES (${key.id}, ${key.expiresAt}, ${key.daysAhead}, ${now}) ON CONFLICT DO NOTHING`;
  return inserted === 1;
}
