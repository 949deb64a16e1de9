import type { Pool } from "pg";
import { newId } from "#lib/core/ids";
import { generateSecret, hashSecret, visibleEnds } from "#lib/keys/secret";

export interface IssuedKeys {
  secrets: readonly string[];
  keyIds: readonly string[];
}

export interface StageIds {
  tenantId: string;
  accountId: string;
  serviceId: string;
  gatewayId: string;
}

interface Filling {
  upstreamUrl: string;
  keys: number;
  limits: readonly object[];
  pepper: string;
}

/** One tenant with one account, its keys, and a gateway with the routes of a measurement. */
export async function fillStage(
  pool: Pool,
  { upstreamUrl, ...keys }: Filling,
): Promise<IssuedKeys & { ids: StageIds }> {
  const [tenantId, accountId, gatewayId] = [newId("tn"), newId("acct"), newId("gw")];
  await pool.query("INSERT INTO tenants (id, slug, name, is_default) VALUES ($1, 'bench', 'Bench', true)", [tenantId]);
  await pool.query("INSERT INTO accounts (id, tenant_id, number, kind, name) VALUES ($1, $2, 1, 'customer', 'Bench')", [
    accountId,
    tenantId,
  ]);
  await pool.query("INSERT INTO gateways (id, tenant_id, name) VALUES ($1, $2, 'bench')", [gatewayId, tenantId]);
  const ids = { tenantId, accountId, gatewayId };
  const serviceId = await addService(pool, tenantId, 1, upstreamUrl);
  await addRoute(pool, { ...ids, serviceId }, "/svc/*", ["unlimited"]);
  await addRoute(pool, { ...ids, serviceId }, "/plain/*", ["unlimited", "anonymous"]);
  const issued = await addKeys(pool, { ...ids, ...keys });
  await pool.query("ANALYZE");
  return { ...issued, ids: { ...ids, serviceId } };
}

export async function addService(pool: Pool, tenantId: string, number: number, url: string): Promise<string> {
  const id = newId("svc");
  await pool.query(
    "INSERT INTO services (id, tenant_id, number, name, display_name, base_url) VALUES ($1, $2, $3, $1, $1, $4)",
    [id, tenantId, number, url],
  );
  return id;
}

const policies = {
  unlimited: { kind: "rate_limit", configuration: { limits: [], count_by: "api_key" } },
  anonymous: { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } },
};

/** Adds a route with these policies; returns its id. Gateways that already run hear of it by `announce`. */
export async function addRoute(
  pool: Pool,
  { tenantId, gatewayId, serviceId }: Omit<StageIds, "accountId">,
  path: string,
  names: readonly (keyof typeof policies)[],
): Promise<string> {
  const id = newId("rt");
  await pool.query(
    "INSERT INTO routes (id, tenant_id, gateway_id, service_id, name, path) VALUES ($1, $2, $3, $4, $5, $5)",
    [id, tenantId, gatewayId, serviceId, path],
  );
  for (const name of names) {
    const policyId = newId("pol");
    const { kind, configuration } = policies[name];
    await pool.query("INSERT INTO policies (id, tenant_id, name, kind, configuration) VALUES ($1, $2, $1, $3, $4)", [
      ...[policyId, tenantId, kind, configuration],
    ]);
    await pool.query("INSERT INTO route_policies (tenant_id, route_id, policy_id) VALUES ($1, $2, $3)", [
      ...[tenantId, id, policyId],
    ]);
  }
  return id;
}

/** As a mutation of the management API ends: every process hears of it when the transaction commits. */
export async function announce(pool: Pool, kind: "key" | "gateway", id: string): Promise<void> {
  await pool.query("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind, id })]);
}

export interface KeysToAdd {
  tenantId: string;
  accountId: string;
  keys: number;
  limits: readonly object[];
  pepper: string;
}

const batchSize = 5_000;

/** Adds keys whose secrets we know. */
export async function addKeys(
  pool: Pool,
  { tenantId, accountId, keys, limits, pepper }: KeysToAdd,
): Promise<IssuedKeys> {
  const secrets = Array.from({ length: keys }, () => generateSecret("live"));
  const keyIds = secrets.map(() => newId("key"));
  const first = await nextNumber(pool);
  for (let from = 0; from < keys; from += batchSize) {
    const part = secrets.slice(from, from + batchSize);
    await pool.query(
      `INSERT INTO api_keys (id, tenant_id, account_id, number, name, key_prefix, key_last4, secret_hash, limits, created_by)
       SELECT id, $1, $2, number, 'Bench', prefix, last4, decode(hash, 'hex'), $3, 'bench'
       FROM unnest($4::text[], $5::int[], $6::text[], $7::text[], $8::text[]) AS k (id, number, prefix, last4, hash)`,
      [
        ...[tenantId, accountId, JSON.stringify(limits), keyIds.slice(from, from + batchSize)],
        part.map((_, at) => first + from + at),
        part.map((secret) => visibleEnds(secret).keyPrefix),
        part.map((secret) => visibleEnds(secret).keyLast4),
        part.map((secret) => Buffer.from(hashSecret(pepper, secret)).toString("hex")),
      ],
    );
  }
  return { secrets, keyIds };
}

/** Fills the table up to `total` keys whose secrets nobody knows: they are there to be looked past. */
export async function fillKeys(pool: Pool, { tenantId, accountId }: StageIds, total: number): Promise<void> {
  const first = await nextNumber(pool);
  await pool.query(
    `INSERT INTO api_keys (id, tenant_id, account_id, number, name, key_prefix, key_last4, secret_hash, limits, created_by)
     SELECT 'key_' || substr(md5(n::text), 1, 22), $1, $2, n, 'Bench', 'ak_filler', 'fill', sha256(('filler ' || n)::bytea), NULL, 'bench'
     FROM generate_series($3::int, $4::int) AS n`,
    [tenantId, accountId, first, total],
  );
  await pool.query("VACUUM ANALYZE api_keys");
  await pool.query("CHECKPOINT"); // or what was written now would be in the way of what is measured next
}

async function nextNumber(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ next: number }>("SELECT coalesce(max(number), 0) + 1 AS next FROM api_keys");
  return rows[0]?.next ?? 1;
}
