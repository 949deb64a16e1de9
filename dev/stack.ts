import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import pg from "pg";
import { ensureBuild, ensurePrismaClient, holdBuild } from "#dev/build";
import { awaitLeftoverServer, rememberServer, takeDataFolder } from "#dev/data-folder";
import { startRememberedUpstream } from "#dev/demo-upstream/remembered-port";
import { isPortFree } from "#dev/ports";
import { startPostgres } from "#dev/postgres";
import { startRedis } from "#dev/redis";
import { lastLines, type ServerProcess, startServer } from "#dev/server-process";
import {
  checkPorts,
  checkSettings,
  chooseAnyPorts,
  generatedSecrets,
  startVariables,
  type Variables,
} from "#dev/settings";
import { nextChange } from "#dev/source-changes";
import { StartError } from "#dev/start-error";
import { type WelcomeOptions, welcome } from "#dev/welcome";
import { type Env, readEnv } from "#lib/platform/env";
import { migrate } from "#prisma/migrate";

/** One running `npm start` or `npm run dev`. */
interface Stack {
  dev: boolean;
  /** Aborted when it is to stop. */
  signal: AbortSignal;
  /** What to close, in reverse: server, demo upstream, Redis, PostgreSQL, the data folder. */
  closers: (() => Promise<void> | void)[];
  log(line: string): void;
}

/** Opens everything, runs the server until the signal, closes everything. Returns the exit code. */
async function runStack(stack: Stack): Promise<number> {
  let code = 0;
  try {
    const settings = await prepare(stack);
    await (stack.dev ? serveWhileEditing : serve)(stack, settings);
  } catch (error) {
    if (!stack.signal.aborted) code = report(error);
  }
  if (stack.closers.length > 1) stack.log("Stopping …");
  for (const close of stack.closers.reverse()) {
    try {
      await close();
    } catch (error) {
      code = report(error);
    }
  }
  return code;
}

interface Prepared {
  env: Env;
  variables: Variables;
  newKeys: boolean;
}

/** Everything before the server: cheap checks first, so that a mistake is told at once. */
async function prepare(stack: Stack): Promise<Prepared> {
  const variables = startVariables(stack.dev);
  let env = checkSettings(variables);
  stack.closers.push(takeDataFolder(env.DATA_DIR));
  await awaitLeftoverServer(env.DATA_DIR, stack.log);
  env = await chooseAnyPorts(variables, env);
  await checkPorts(env);
  stack.log(`Starting Portico (Node ${process.versions.node}) …`);
  Object.assign(variables, generatedSecrets(env.DATA_DIR, variables));
  await openServices(stack, variables);
  env = readEnv(variables);
  await ensurePrismaClient(stack);
  await migrateDatabase(env.DATABASE_URL, stack.log);
  stack.signal.throwIfAborted();
  const newKeys = env.PORTICO_DEMO && (await openDemo(stack, env));
  if (env.ROLES.includes("portal")) variables.NEXT_DIST_DIR = await buildFolder(stack, env);
  stack.signal.throwIfAborted();
  return { env, variables, newKeys };
}

async function openServices(stack: Stack, variables: Variables): Promise<void> {
  const dataDir = variables.DATA_DIR ?? "";
  if (variables.DATABASE_URL || variables.DATABASE_URL_FILE) stack.log("Database: the one of DATABASE_URL.");
  else {
    const postgres = await startPostgres({ dataDir, log: stack.log });
    stack.closers.push(() => postgres.stop());
    variables.DATABASE_URL = postgres.url;
    stack.log(
      `Database: PostgreSQL 18 on port ${postgres.port}${postgres.adopted ? ", still running from the last start" : ""}.`,
    );
  }
  stack.signal.throwIfAborted();
  if (variables.REDIS_URL || variables.REDIS_URL_FILE) return stack.log("Redis: the one of REDIS_URL.");
  const redis = await startRedis({ dataDir });
  if (!redis)
    return stack.log("Redis: no redis-server found, so limits are counted in memory and start anew with each start.");
  stack.closers.push(() => redis.stop());
  variables.REDIS_URL = redis.url;
  stack.log(`Redis: on port ${redis.port}${redis.adopted ? ", still running from the last start" : ""}.`);
}

async function migrateDatabase(databaseUrl: string, log: Stack["log"]): Promise<void> {
  const probe = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await probe.connect();
    await probe.end();
  } catch (error) {
    throw new StartError(`The database of DATABASE_URL cannot be used: ${(error as Error).message || "no answer"}.`);
  }
  await migrate(databaseUrl, log);
}

/** The APIs behind the demo's gateways, then its data, which says where they are. Returns whether keys were made. */
async function openDemo(stack: Stack, env: Env): Promise<boolean> {
  const upstream = await startRememberedUpstream(env.DATA_DIR);
  stack.closers.push(() => upstream.stop());
  const { seed } = await import("#prisma/seed"); // needs the generated client, so not before it exists
  return seed({ databaseUrl: env.DATABASE_URL, dataDir: env.DATA_DIR, env });
}

/** In development Next compiles on demand; two instances need two folders. */
async function buildFolder(stack: Stack, { DATA_DIR }: Env): Promise<string> {
  if (stack.dev) {
    if (DATA_DIR === resolve(".data")) return ".next";
    return `.next-dev-${createHash("sha256").update(DATA_DIR).digest("hex").slice(0, 8)}`;
  }
  const folder = await ensureBuild(stack);
  holdBuild(folder);
  return folder;
}

/** Runs the server until the stop signal. Throws when the server ends before. */
async function serve(stack: Stack, { env, variables, newKeys }: Prepared): Promise<void> {
  const logFile = join(env.DATA_DIR, "server.log");
  const server = startServer({ variables, logFile });
  stack.closers.push(() => server.stop());
  rememberServer(env.DATA_DIR, server.pid);
  const stop = rejectOnAbort(stack.signal);
  const failure = server.ended.then((ending) => {
    throw new StartError(`${lastLines(logFile)}${ending}`);
  });
  await Promise.race([server.ready, failure, stop]);
  await greet(stack, { env, logFile, newKeys });
  await Promise.race([failure, stop]);
}

async function greet(stack: Stack, ready: Omit<WelcomeOptions, "ownGatewayPort">): Promise<void> {
  const { GATEWAY_PORT, HOST } = ready.env;
  stack.log(welcome({ ...ready, ownGatewayPort: !(await isPortFree(GATEWAY_PORT, HOST)) }));
}

/** As `serve`, with the log on the terminal and a new server whenever a source it loaded changes. */
async function serveWhileEditing(stack: Stack, { env, variables, newKeys }: Prepared): Promise<void> {
  let server: ServerProcess | undefined;
  stack.closers.push(() => server?.stop());
  let greeted = false;
  for (;;) {
    const current = startServer({ variables, logFile: undefined });
    server = current;
    rememberServer(env.DATA_DIR, current.pid);
    let replaced = false;
    void current.ready.then(() => {
      if (greeted) return stack.log("The server is back.");
      greeted = true;
      return greet(stack, { env, logFile: undefined, newKeys });
    });
    void current.ended.then(
      (ending) => replaced || stack.signal.aborted || stack.log(`${ending} Change a file to try again.`),
    );
    stack.log(`${await nextChange(stack.signal)} changed: restarting the server …`);
    replaced = true;
    await current.stop();
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
  rejection.catch(() => {}); // whoever races it handles it
  return rejection;
}

/** Prints what went wrong: one sentence where the person can act on it, else the stack for a bug report. */
function report(error: unknown): number {
  const plain = error instanceof Error && ["StartError", "SettingsError", "MigrationError"].includes(error.name);
  const text = plain ? (error as Error).message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  return 1;
}

const stopping = new AbortController();
const stop = () => stopping.abort();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, stop);
// Started by scripts/start.mjs: when that is killed, its channel closes.
process.once("disconnect", stop);
process.channel?.unref();
// A closed terminal or `| head` must not keep us from closing what is open.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

let crashed = 0;
process.on("uncaughtException", (error) => {
  crashed = report(error); // a mistake of ours must not leave servers behind either
  stop();
});

const exitCode = await runStack({
  dev: process.argv.includes("--dev"),
  signal: stopping.signal,
  closers: [],
  log: (line) => void process.stdout.write(`${line}\n`),
});
process.exit(exitCode || crashed);
