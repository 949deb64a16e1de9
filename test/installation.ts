import { rmSync } from "node:fs";
import pg from "pg";
import { newId } from "#lib/core/ids";
import { onPlatform } from "#lib/platform/db";
import { readEnv } from "#lib/platform/env";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime } from "#lib/platform/runtime";
import { nextNumber } from "#lib/tenants/next-number";
import { createTestDatabase } from "#test/database";
import { temporaryDataFolder } from "#test/folders";
import { createTestRedis } from "#test/redis";
import { createWorld, issueKey, type TestTenant } from "#test/world";

/** A database, a Redis and a data folder for servers that are processes of their own, with a tenant whose gateway leads to `upstreamUrl`. */
export interface Installation {
  /** What a server needs to work on it. */
  variables: Record<string, string>;
  tenant: TestTenant;
  client: pg.Client;
  /** A key of the tenant's customer: a million calls a minute unless `limit` says less an hour. */
  newKey(limit?: number): Promise<{ id: string; key: string }>;
  /** Publishes a path pattern, to the service of `upstreamUrl`; the route has no limit of its own. */
  newRoute(path: string): Promise<string>;
  /** Rows, their distinct request ids and the sum of the minutes' sums, of a key. */
  usageOf(keyId: string): Promise<{ rows: number; distinct: number; summed: number }>;
  close(): Promise<void>;
}

/** Opens it. `roles` and the like are the servers' own. */
export async function openInstallation(upstreamUrl: string): Promise<Installation> {
  const database = await createTestDatabase();
  const dataDir = temporaryDataFolder();
  const secret = (name: string) => `${name}, at least thirty-two bytes of it`;
  const variables = {
    DATABASE_URL: database.url,
    REDIS_URL: await createTestRedis(),
    DATA_DIR: dataDir,
    AUTH_SECRET: secret("auth"),
    KEY_PEPPER: secret("pepper"),
    ENCRYPTION_KEY: secret("encryption"),
  };
  const env = readEnv(variables);
  const postgres = openPostgres(env, () => undefined);
  const { prisma, close: closePrisma } = openPrisma(postgres);
  composeRuntime({ env, postgres, prisma });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { one: tenant } = await createWorld();
  const publish = await createGateway(tenant, upstreamUrl);
  return {
    variables,
    tenant,
    client,
    newRoute: publish,
    newKey(limit) {
      const limits = [
        { algorithm: "sliding_window" as const, limit: limit ?? 1_000_000, window_seconds: limit ? 3600 : 60 },
      ];
      return issueKey(tenant.tenantId, tenant.customer, { limits });
    },
    usageOf: (keyId) => readUsage(client, keyId),
    async close() {
      await client.end();
      await closePrisma();
      await Promise.all([postgres.app.end(), postgres.platform.end()]);
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A gateway on every host, its service, and a policy that lifts the limit a route has by itself. Returns what adds routes. */
async function createGateway({ tenantId }: TestTenant, baseUrl: string): Promise<(path: string) => Promise<string>> {
  const [gatewayId, serviceId, policyId] = [newId("gw"), newId("svc"), newId("pol")];
  await onPlatform(async (tx) => {
    const number = await nextNumber(tx, tenantId, "service");
    await tx.service.create({ data: { id: serviceId, tenantId, number, name: "echo", displayName: "Echo", baseUrl } });
    await tx.gateway.create({ data: { id: gatewayId, tenantId, name: "Test", serveOnPortal: true } });
    const configuration = { limits: [], count_by: "api_key" };
    await tx.policy.create({ data: { id: policyId, tenantId, name: "No limit", kind: "rate_limit", configuration } });
  });
  return async (path) => {
    const id = newId("rt");
    await onPlatform(async (tx) => {
      await tx.route.create({ data: { id, tenantId, gatewayId, serviceId, name: path, path } });
      await tx.routePolicy.create({ data: { tenantId, routeId: id, policyId } });
      await tx.$executeRaw`SELECT pg_notify('portico', ${JSON.stringify({ kind: "gateway", id })})`;
    });
    return id;
  };
}

async function readUsage(client: pg.Client, keyId: string): ReturnType<Installation["usageOf"]> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS rows, count(DISTINCT request_id)::int AS distinct,
       (SELECT coalesce(sum(requests), 0)::int FROM usage_sums WHERE api_key_id = $1 AND period = 'minute') AS summed
     FROM usage_events WHERE api_key_id = $1`,
    [keyId],
  );
  return rows[0];
}
