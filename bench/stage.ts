import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "#dev/ports";
import { startPostgres } from "#dev/postgres";
import { startRedis } from "#dev/redis";
import { migrate } from "#prisma/migrate";
import { temporaryDataFolder } from "#test/folders";
import { fillStage, type IssuedKeys, type StageIds } from "./fill-stage.ts";
import { leaveSubjectAlone, onSubjectCore } from "./machine.ts";
import { type StaticUpstream, startStaticUpstream } from "./static-upstream.ts";

/** A product with its own PostgreSQL, Redis and upstream, as a load generator finds it. All on loopback, in a temporary folder. */
export interface Stage extends IssuedKeys {
  folder: string;
  pool: pg.Pool;
  redisUrl: string;
  upstream: StaticUpstream;
  ids: StageIds;
  /** One secret a line. */
  keysFile: string;
  /** The environment of a process of this product. */
  variables: Record<string, string>;
  /** Starts a process that only plays the gateway, on the core of what is measured. */
  startGateway(flags?: readonly string[]): Promise<GatewayProcess>;
  close(): Promise<void>;
}

export interface GatewayProcess {
  pid: number;
  port: number;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** Keys with secrets that we know. */
  keys?: number;
  /** Of each key; never reached in measurements of speed. */
  limits?: readonly object[];
}

const threeWindows = [60, 3_600, 86_400].map((window_seconds) => ({
  ...{ algorithm: "sliding_window", limit: 900_000_000, window_seconds },
}));

/** Opens the stage: `/svc/*` leads to the upstream with all policies on, `/plain/*` with none. */
export async function openStage({ keys = 10_000, limits = threeWindows }: StageOptions = {}): Promise<Stage> {
  leaveSubjectAlone();
  const folder = temporaryDataFolder();
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void close().then(() => process.exit(1)));
  try {
    const database = await startPostgres({ dataDir: folder });
    closers.push(() => database.stop());
    const redis = await startRedis({ dataDir: folder, appendonly: false });
    if (!redis) throw new Error("No redis-server was found.");
    closers.push(() => redis.stop());
    const upstream = await startStaticUpstream(folder);
    closers.push(() => upstream.stop());
    await migrate(database.url);
    const pool = new pg.Pool({ connectionString: database.url, max: 4 });
    closers.push(() => pool.end());
    const variables = variablesOf(database.url, redis.url, folder);
    const filled = await fillStage(pool, { upstreamUrl: upstream.url, keys, limits, pepper: variables.KEY_PEPPER });
    const keysFile = join(folder, "keys.txt");
    writeFileSync(keysFile, `${filled.secrets.join("\n")}\n`);
    const startGateway: Stage["startGateway"] = async (flags = []) => {
      const gateway = await startGatewayProcess(variables, flags);
      closers.push(() => gateway.stop());
      return gateway;
    };
    return { ...filled, folder, pool, upstream, redisUrl: redis.url, keysFile, variables, startGateway, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function variablesOf(databaseUrl: string, redisUrl: string, dataDir: string) {
  const secret = (name: string) => `${name}, at least thirty-two bytes of it`;
  return {
    ...{ NODE_ENV: "production", LOG_LEVEL: "warn", ROLES: "gateway", HOST: "127.0.0.1", METRICS_ENABLED: "false" },
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DATA_DIR: dataDir },
    ...{ AUTH_SECRET: secret("auth"), KEY_PEPPER: secret("pepper"), ENCRYPTION_KEY: secret("encryption") },
  };
}

async function startGatewayProcess(
  variables: Record<string, string>,
  flags: readonly string[],
): Promise<GatewayProcess> {
  const port = await freePort();
  const env = { ...process.env, ...variables, GATEWAY_PORT: String(port), PORT: "0", METRICS_PORT: "0" };
  const [program, ...args] = onSubjectCore([process.execPath, "--max-semi-space-size=8", ...flags, "server.ts"]);
  const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The gateway ended while it started."))),
  ]);
  return { pid: child.pid ?? 0, port, stop: () => stopProcess(child) };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
