import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "#dev/ports";
import { startPostgres } from "#dev/postgres";
import { startRedis } from "#dev/redis";
import { newId } from "#lib/core/ids";
import { generateSecret, hashSecret, visibleEnds } from "#lib/keys/secret";
import { migrate } from "#prisma/migrate";
import { temporaryDataFolder } from "#test/folders";

/** A product with its own PostgreSQL and Redis, as a load generator finds it. */
export interface Stage {
  databaseUrl: string;
  redisUrl: string;
  /** One secret a line. */
  keysFile: string;
  secrets: readonly string[];
  keyIds: readonly string[];
  /** Starts a process that only plays the gateway, on a core of its own where `taskset` is there. */
  startGateway(core?: number): Promise<GatewayProcess>;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface GatewayProcess {
  pid: number;
  port: number;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** Where routes lead: `/svc/*` with all policies on, `/plain/*` without any. */
  upstreamUrl: string;
  keys?: number;
  /** Of each key; never reached in measurements of speed. */
  limits?: object[];
}

const threeWindows = [60, 3_600, 86_400].map((window_seconds) => ({
  algorithm: "sliding_window",
  limit: 900_000_000,
  window_seconds,
}));

/** Opens the stage. Everything is on loopback and in a temporary folder. */
export async function openStage({ upstreamUrl, keys = 10_000, limits = threeWindows }: StageOptions): Promise<Stage> {
  const dataDir = temporaryDataFolder();
  const database = await startPostgres({ dataDir });
  const redis = await startRedis({ dataDir });
  if (!redis) throw new Error("No redis-server was found.");
  await migrate(database.url);
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  const secret = (name: string) => `${name}, at least thirty-two bytes of it`;
  const variables = {
    ...{ NODE_ENV: "production", LOG_LEVEL: "warn", ROLES: "gateway", HOST: "127.0.0.1", METRICS_ENABLED: "false" },
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: dataDir },
    ...{ AUTH_SECRET: secret("auth"), KEY_PEPPER: secret("pepper"), ENCRYPTION_KEY: secret("encryption") },
  };
  const issued = await fill(pool, upstreamUrl, keys, limits, variables.KEY_PEPPER);
  const keysFile = join(dataDir, "keys.txt");
  writeFileSync(keysFile, `${issued.secrets.join("\n")}\n`);
  return {
    ...{ databaseUrl: database.url, redisUrl: redis.url, keysFile },
    ...issued,
    startGateway: (core) => startGateway(variables, core),
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    async close() {
      await pool.end();
      await redis.stop();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function fill(pool: pg.Pool, url: string, keys: number, limits: object[], pepper: string) {
  const [tenantId, accountId, serviceId, gatewayId] = [newId("tn"), newId("acct"), newId("svc"), newId("gw")];
  await pool.query("INSERT INTO tenants (id, slug, name, is_default) VALUES ($1, 'bench', 'Bench', true)", [tenantId]);
  await pool.query("INSERT INTO accounts (id, tenant_id, number, kind, name) VALUES ($1, $2, 1, 'customer', 'Bench')", [
    accountId,
    tenantId,
  ]);
  await pool.query(
    "INSERT INTO services (id, tenant_id, number, name, display_name, base_url) VALUES ($1, $2, 1, 'svc', 'svc', $3)",
    [serviceId, tenantId, url],
  );
  await pool.query("INSERT INTO gateways (id, tenant_id, name) VALUES ($1, $2, 'bench')", [gatewayId, tenantId]);
  const policy = async (kind: string, configuration: object) => {
    const id = newId("pol");
    await pool.query("INSERT INTO policies (id, tenant_id, name, kind, configuration) VALUES ($1, $2, $1, $3, $4)", [
      id,
      tenantId,
      kind,
      configuration,
    ]);
    return id;
  };
  const unlimited = await policy("rate_limit", { limits: [], count_by: "api_key" });
  const anonymous = await policy("authentication", { accept: ["anonymous"], required_scopes: [] });
  const route = async (path: string, policies: string[]) => {
    const id = newId("rt");
    await pool.query(
      "INSERT INTO routes (id, tenant_id, gateway_id, service_id, name, path) VALUES ($1, $2, $3, $4, $5, $5)",
      [id, tenantId, gatewayId, serviceId, path],
    );
    for (const policyId of policies)
      await pool.query("INSERT INTO route_policies (tenant_id, route_id, policy_id) VALUES ($1, $2, $3)", [
        tenantId,
        id,
        policyId,
      ]);
  };
  await route("/svc/*", [unlimited]);
  await route("/plain/*", [unlimited, anonymous]);
  return insertKeys(pool, { tenantId, accountId, keys, limits, pepper });
}

interface KeysToInsert {
  tenantId: string;
  accountId: string;
  keys: number;
  limits: object[];
  pepper: string;
}

const batchSize = 5_000;

async function insertKeys(pool: pg.Pool, { tenantId, accountId, keys, limits, pepper }: KeysToInsert) {
  const secrets = Array.from({ length: keys }, () => generateSecret("live"));
  const keyIds = secrets.map(() => newId("key"));
  for (let from = 0; from < keys; from += batchSize) {
    const part = secrets.slice(from, from + batchSize);
    await pool.query(
      `INSERT INTO api_keys (id, tenant_id, account_id, number, name, key_prefix, key_last4, secret_hash, limits, created_by)
       SELECT id, $1, $2, number, 'Bench', prefix, last4, decode(hash, 'hex'), $3, 'bench'
       FROM unnest($4::text[], $5::int[], $6::text[], $7::text[], $8::text[]) AS k (id, number, prefix, last4, hash)`,
      [
        ...[tenantId, accountId, JSON.stringify(limits), keyIds.slice(from, from + batchSize)],
        part.map((_, at) => from + at + 1),
        part.map((secret) => visibleEnds(secret).keyPrefix),
        part.map((secret) => visibleEnds(secret).keyLast4),
        part.map((secret) => Buffer.from(hashSecret(pepper, secret)).toString("hex")),
      ],
    );
  }
  await pool.query("ANALYZE api_keys");
  return { secrets, keyIds };
}

async function startGateway(variables: Record<string, string>, core: number | undefined): Promise<GatewayProcess> {
  const port = await freePort();
  const env = { ...process.env, ...variables, GATEWAY_PORT: String(port), PORT: "0", METRICS_PORT: "0" };
  const flags = (process.env.BENCH_NODE_FLAGS ?? "").split(" ").filter(Boolean);
  const program = [...flags, "server.ts"];
  const child: ChildProcess =
    core === undefined
      ? spawn(process.execPath, program, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] })
      : spawn("taskset", ["-c", String(core), process.execPath, ...program], {
          env,
          stdio: ["ignore", "inherit", "inherit", "ipc"],
        });
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The gateway ended while it started."))),
  ]);
  return {
    pid: child.pid ?? 0,
    port,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
