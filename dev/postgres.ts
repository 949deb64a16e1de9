import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort, isPortFree } from "#dev/ports";
import {
  type Cluster,
  createCluster,
  openCluster,
  readSaved,
  refuseOtherVersion,
  remember,
  runProgram,
  urlOf,
} from "#dev/postgres-cluster";
import { commandLine, isAlive } from "#dev/processes";
import { lastLine, StartError } from "#dev/start-error";

export interface PostgresOptions {
  /** DATA_DIR: the cluster lives in `postgres/` in it, its port and password in `postgres.json` (0600). */
  dataDir: string;
  /** A fixed port; absent: the one of last time, or a free one. */
  port?: number;
  /** False gives up durability for speed: tests only. */
  fsync?: boolean;
  log?: (line: string) => void;
}

export interface RunningPostgres {
  /** Superuser URL of the database `portico`. */
  url: string;
  port: number;
  /** True when a server of this DATA_DIR was already running, left behind by a killed start. */
  adopted: boolean;
  /** Fast shutdown: sessions are ended, data is kept. Harmless when it already stopped. */
  stop(): Promise<void>;
}

const databaseName = "portico";
const startTimeoutSeconds = 60;

/**
 * Starts the built-in PostgreSQL of this DATA_DIR on loopback, creating its cluster on first use, or adopts the one that
 * still runs. It has its own session: Ctrl-C in a terminal does not reach it, only `stop()` does.
 * Throws StartError, one sentence, for an unusable folder or data of another PostgreSQL version.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => {});
  const cluster = openCluster(resolve(options.dataDir), log);
  if (!existsSync(cluster.folder)) {
    log("Creating the database (first start only) …");
    remember(resolve(options.dataDir), cluster);
    await createCluster(cluster, options.fsync !== false);
  }
  refuseOtherVersion(cluster.folder);
  const livePort = await findLivePort(cluster);
  if (livePort === undefined) await launch(cluster, options);
  else cluster.port = livePort;
  remember(resolve(options.dataDir), cluster);
  await createDatabase(cluster);
  return {
    url: urlOf(cluster, databaseName),
    port: cluster.port,
    adopted: livePort !== undefined,
    stop: () => stopCluster(cluster),
  };
}

/** The URL of the PostgreSQL that runs for this DATA_DIR; undefined when none does. Starts nothing. */
export async function runningPostgres(dataDir: string): Promise<string | undefined> {
  if (!readSaved(resolve(dataDir))) return undefined;
  const cluster = openCluster(resolve(dataDir), () => {});
  const port = await findLivePort(cluster);
  return port === undefined ? undefined : urlOf({ ...cluster, port }, databaseName);
}

/** Ends the PostgreSQL that a killed process left running for this DATA_DIR, if there is one. */
export async function stopLeftoverPostgres(dataDir: string): Promise<void> {
  if (!readSaved(resolve(dataDir))) return;
  const cluster = openCluster(resolve(dataDir), () => {});
  if ((await findLivePort(cluster)) !== undefined) await stopCluster(cluster);
}

/**
 * The port of a postmaster that already serves this cluster. A leftover postmaster.pid is removed when its process is
 * gone or is another program that got the same number, which PostgreSQL itself takes for a running server.
 */
async function findLivePort(cluster: Cluster): Promise<number | undefined> {
  const pidFile = join(cluster.folder, "postmaster.pid");
  if (!existsSync(pidFile)) return undefined;
  const lines = readFileSync(pidFile, "utf8").split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(pid > 0) || !isAlive(pid) || !isPostmaster(pid, cluster.folder)) {
    rmSync(pidFile, { force: true });
    return undefined;
  }
  for (const deadline = performance.now() + startTimeoutSeconds * 1_000; performance.now() < deadline; ) {
    if (port > 0 && (await answers({ ...cluster, port }))) return port;
    if (!isAlive(pid)) return undefined;
    await sleep(100);
  }
  throw new StartError(
    `A PostgreSQL (pid ${pid}) holds ${cluster.folder} but does not answer: end it and start again.`,
  );
}

/** The postmaster's command line names its folder. Where it cannot be read, believe postmaster.pid. */
function isPostmaster(pid: number, folder: string): boolean {
  const command = commandLine(pid);
  return command === "" || command.includes(folder);
}

async function answers(cluster: Cluster): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(cluster, "postgres"), connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("show data_directory");
    return rows[0].data_directory === cluster.folder;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A port can be taken between the probe and PostgreSQL's own bind, hence several tries. */
async function launch(cluster: Cluster, options: PostgresOptions): Promise<void> {
  const logFile = join(cluster.folder, "server.log");
  for (let attempt = 1; ; attempt++) {
    const remembered = attempt === 1 && cluster.port > 0 && (await isPortFree(cluster.port));
    cluster.port = options.port ?? (remembered ? cluster.port : await freePort());
    rmSync(logFile, { force: true });
    const flags = serverFlags(cluster.port, options.fsync !== false);
    const wait = ["-w", "-t", String(startTimeoutSeconds)];
    const { code } = await runProgram(cluster, "pg_ctl", [
      "start",
      "-D",
      cluster.folder,
      "-l",
      logFile,
      "-o",
      flags,
      ...wait,
    ]);
    if (code === 0) return;
    const reason = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
    // After a kill -9 of the postmaster its sessions hold the shared memory for a moment.
    const passing = /could not bind|shared memory block .* is still in use/.test(reason);
    if (attempt === 5 || !passing || options.port !== undefined)
      throw new StartError(`PostgreSQL did not start in ${cluster.folder}: ${lastLine(reason)}`);
    await sleep(300 * attempt);
  }
}

function serverFlags(port: number, durable: boolean): string {
  const settings: Record<string, string | number> = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: 200,
    timezone: "UTC",
    log_timezone: "UTC",
    shared_buffers: "128MB",
    random_page_cost: 1.1,
    jit: "off",
    wal_level: "minimal",
    max_wal_senders: 0,
    max_wal_size: "1GB",
    checkpoint_timeout: "15min",
    log_checkpoints: "off",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

async function createDatabase(cluster: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(cluster, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function stopCluster(cluster: Cluster): Promise<void> {
  if (!existsSync(join(cluster.folder, "postmaster.pid"))) return;
  const { code, output } = await runProgram(cluster, "pg_ctl", [
    "stop",
    "-D",
    cluster.folder,
    "-m",
    "fast",
    "-w",
    "-t",
    "60",
  ]);
  if (code !== 0 && existsSync(join(cluster.folder, "postmaster.pid")))
    throw new StartError(`PostgreSQL did not stop: ${lastLine(output)}`);
}
