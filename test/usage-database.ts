import type { Pool } from "pg";
import { openPostgres } from "#lib/platform/postgres";
import type { Runtime } from "#lib/platform/runtime";

/** The pools of a process on a test database. A broken idle connection is nothing to a test. */
export function openTestPostgres(databaseUrl: string): Runtime["postgres"] {
  return openPostgres(
    { DATABASE_URL: databaseUrl, DATABASE_POOL_MAX: 5 } as Parameters<typeof openPostgres>[0],
    () => {},
  );
}

/** A key with its account and tenant, made where they are missing; `parentId` makes the account a customer of a reseller. */
export async function givenApiKey(
  platform: Pool,
  {
    id,
    number,
    accountId,
    tenantId,
    parentId = null,
  }: { id: string; number: number; accountId: string; tenantId: string; parentId?: string | null },
): Promise<void> {
  await platform.query("INSERT INTO tenants (id, slug, name) VALUES ($1, $1, $1) ON CONFLICT DO NOTHING", [tenantId]);
  await platform.query(
    `INSERT INTO accounts (id, tenant_id, number, kind, name, parent_id)
     VALUES ($1, $2, (SELECT count(*) + 1 FROM accounts WHERE tenant_id = $2), 'customer', $1, $3) ON CONFLICT DO NOTHING`,
    [accountId, tenantId, parentId],
  );
  await platform.query(
    `INSERT INTO api_keys (id, tenant_id, account_id, number, name, key_prefix, key_last4, secret_hash, created_by)
     VALUES ($1, $2, $3, $4, 'Key', 'ak_x', 'last', sha256(convert_to($5, 'UTF8')), 'usr_one') ON CONFLICT DO NOTHING`,
    [id, tenantId, accountId, number, id],
  );
}

/** Rows, distinct rows, and what each period's sums say: all the same when nothing was lost or counted twice. */
export async function countUsage(
  platform: Pool,
): Promise<{ rows: number; distinct: number; minute: number; hour: number; day: number }> {
  const { rows } = await platform.query(
    `SELECT count(*)::int AS rows, count(DISTINCT request_id)::int AS distinct,
       (SELECT coalesce(sum(requests), 0)::int FROM usage_sums WHERE period = 'minute') AS minute,
       (SELECT coalesce(sum(requests), 0)::int FROM usage_sums WHERE period = 'hour') AS hour,
       (SELECT coalesce(sum(requests), 0)::int FROM usage_sums WHERE period = 'day') AS day
     FROM usage_events`,
  );
  return rows[0];
}
