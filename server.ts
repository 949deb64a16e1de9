import { EventEmitter } from "node:events";
import { parseTrustedProxies } from "#gateway/client-address";
import { createEdge } from "#gateway/edge";
import { type Closer, closeAll } from "#lib/platform/close-all";
import { type Env, readEnv } from "#lib/platform/env";
import { runtime } from "#lib/platform/runtime";
import { composeProcess } from "./compose.ts";
import packageJson from "./package.json" with { type: "json" };

const drainLimitMs = 20_000; // answers under way; then the runtime has 10 s to write down what it holds
const stopLimitMs = 30_000;
const sameWishMs = 1_000; // Ctrl-C and a parent that passes it on are one wish, not two

/** Settings, runtime, Next, edge: each is opened when the one before stands, and remembered in `closers`. */
async function start(closers: Closer[]): Promise<void> {
  const startedAt = new Date();
  const env = readEnv();
  const trustedProxies = parseTrustedProxies(env.TRUSTED_PROXIES);
  const composed = await composeProcess(env);
  closers.push(() => composed.close());
  const { logger } = runtime();
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught exception");
    process.exitCode = 1;
    stopOnce(); // nobody knows what was left half done, so what is under way ends here and a new process goes on
  });
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled rejection"));

  const upgrades = new EventEmitter();
  const app = await loadNext(env, upgrades);
  closers.push(() => app.close());
  const edge = createEdge({
    next: app.getRequestHandler(),
    publicUrl: env.PUBLIC_URL,
    ...(isDevelopment(env) && { upgrades }),
    readiness: () => composed.readiness(),
    build: { version: packageJson.version, started_at: startedAt.toISOString() },
    trustedProxies,
    logger,
    now: () => new Date(),
  });
  await edge.listen(env.PORT, env.HOST);
  closers.push(() => edge.drain(drainLimitMs));
  logger.info({ url: env.PUBLIC_URL }, "ready");
  process.send?.({ type: "ready", url: env.PUBLIC_URL });
}

/**
 * Next gets an emitter in place of our server: it would add its own `upgrade` listener and end WebSockets that are not its
 * own. It is imported late because React and Next choose their build by NODE_ENV when they are loaded.
 */
async function loadNext(env: Env, upgrades: EventEmitter) {
  // biome-ignore lint/style/noProcessEnv: written, for React and Next, which read it.
  Object.assign(process.env, { NODE_ENV: env.NODE_ENV });
  const { default: next } = await import("next");
  const app = next({
    dev: isDevelopment(env),
    dir: import.meta.dirname,
    hostname: env.HOST,
    port: env.PORT,
    httpServer: upgrades as NonNullable<Parameters<typeof next>[0]["httpServer"]>,
  });
  await app.prepare();
  return app;
}

function isDevelopment(env: Env): boolean {
  return env.NODE_ENV === "development";
}

/** Closes everything and exits: with `process.exitCode`, or 1 when something could not be closed or it took too long. */
async function stop(closers: Closer[]): Promise<never> {
  setTimeout(() => process.exit(1), stopLimitMs).unref();
  await closeAll(closers).catch((error: unknown) => {
    process.stderr.write(`${reason(error)}\n`);
    process.exitCode = 1;
  });
  process.exit();
}

/** One sentence for the person at the terminal; the stack only where nobody foresaw the error. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE") return `Port ${port} is in use by another program: end it, or set PORT to another port.`;
  if (code === "EACCES" && port) return `Port ${port} may only be opened by root: set PORT to one above 1023.`;
  const isBug = code === undefined && /^(Type|Reference|Range|Syntax)?Error$/.test(error.name);
  return (isBug ? error.stack : error.message) || `Portico could not start (${code ?? error.name}).`;
}

const closers: Closer[] = [];
let stoppingSince: number | undefined;

function stopOnce(): void {
  if (stoppingSince !== undefined) return;
  stoppingSince = performance.now();
  void stop(closers);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > sameWishMs) process.exit(1);
    stopOnce();
  });
}
process.once("disconnect", stopOnce); // the parent is gone

await start(closers).catch((error: unknown) => {
  if (stoppingSince !== undefined) return; // stopped while starting
  process.stderr.write(`${reason(error)}\n`);
  process.exitCode = 1;
  return stop(closers);
});
