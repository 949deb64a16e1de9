import { describeFailure } from "#gateway/describe-failure";
import { isGatewayWorker } from "#gateway/workers/fork-worker";
import { type ProcessPlan, planProcess } from "#gateway/workers/plan-process";
import { openSupervised } from "#gateway/workers/supervised";
import { type Closer, closeAll } from "#lib/platform/close-all";
import { readEnv } from "#lib/platform/env";
import { runtime } from "#lib/platform/runtime";
import { type OpenProcess, openProcess } from "./open-process.ts";

const stopLimitMs = 30_000;
const sameWishMs = 1_000; // Ctrl-C and a parent that passes it on are one wish, not two

const supervised = isGatewayWorker() ? openSupervised() : undefined;
const closers: Closer[] = [];
let plan: ProcessPlan | undefined;
let open: OpenProcess | undefined;
let stoppingSince: number | undefined;

async function start(): Promise<void> {
  const env = readEnv();
  plan = planProcess(env, supervised !== undefined);
  open = await openProcess({ env, plan, closers, isStopping: () => stoppingSince !== undefined });
  runtime().logger.info({ url: env.PUBLIC_URL, roles: plan.roles, ports: plan.ports }, "ready");
  if (!supervised) return void process.send?.({ type: "ready", url: env.PUBLIC_URL });
  supervised.serve({ readMetrics: () => runtime().metrics.read(), take: open.take ?? (() => false) });
  await supervised.say({ type: "ready" });
}

/** Closes everything and exits: with `process.exitCode`, or 1 when something could not be closed or it took too long. */
async function stop(): Promise<never> {
  setTimeout(() => process.exit(1), stopLimitMs).unref();
  void supervised?.say({ type: "leaving" });
  await closeAll(closers).catch((error: unknown) => {
    process.stderr.write(`${describeFailure(error, [])}\n`);
    process.exitCode = 1;
  });
  if (open) await supervised?.say({ type: "metrics", metrics: await runtime().metrics.read() });
  process.exit();
}

function stopOnce(): void {
  if (stoppingSince !== undefined) return;
  stoppingSince = performance.now();
  void stop();
}

/** A supervisor's worker says why to it alone: what keeps one from starting keeps all, and is to be read once. */
async function giveUp(error: unknown): Promise<void> {
  if (stoppingSince !== undefined) return; // stopped while starting
  const reason = describeFailure(error, plan?.ports ?? []);
  if (supervised) await supervised.say({ type: "failed", reason });
  else process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
  stopOnce();
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (signal === "SIGINT" && supervised) return; // Ctrl-C reaches the whole terminal; the supervisor tells us
    if (stoppingSince !== undefined && performance.now() - stoppingSince > sameWishMs) process.exit(1);
    stopOnce();
  });
}
process.on("SIGHUP", () => {
  if (process.stdout.isTTY) return stopOnce(); // the terminal was closed
  if (open?.reload) void open.reload();
  else if (!supervised) stopOnce(); // there is nobody to take over meanwhile
});
process.once("disconnect", stopOnce); // the parent is gone
process.on("uncaughtException", (error) => {
  if (!open) return void giveUp(error);
  runtime().logger.fatal({ err: error }, "uncaught exception");
  process.exitCode = 1;
  stopOnce(); // nobody knows what was left half done, so what is under way ends here and a new process goes on
});
process.on("unhandledRejection", (error) => {
  if (!open) return void giveUp(error);
  runtime().logger.error({ err: error }, "unhandled rejection");
});

await start().catch(giveUp);
