import { runtime } from "#lib/platform/runtime";

/**
 * Rows that mean nothing any more. The offsets of removed spool files stay a week, because a shipper that was asleep may still
 * hold what it read from one (gateway/spool/ship-file.ts); a process that stopped stays as long, for whoever looks into it. The
 * link of a mail that nobody took for a week is dead.
 */
const statements = [
  "DELETE FROM idempotency_records WHERE expires_at < $1",
  "DELETE FROM verifications WHERE expires_at < $1",
  "DELETE FROM refresh_tokens WHERE expires_at < $1",
  "DELETE FROM sessions WHERE expires_at < $1",
  "DELETE FROM mails WHERE sent_at < $1::timestamptz - interval '30 days'",
  "DELETE FROM mails WHERE sent_at IS NULL AND created_at < $1::timestamptz - interval '7 days'",
  "DELETE FROM usage_spools WHERE removed_at < $1::timestamptz - interval '7 days'",
  "DELETE FROM processes WHERE heartbeat_at < $1::timestamptz - interval '7 days'",
];

/** Removes what has expired, from all tenants. */
export async function removeExpiredJob(): Promise<void> {
  const now = new Date();
  for (const statement of statements) await runtime().postgres.platform.query(statement, [now]);
}
