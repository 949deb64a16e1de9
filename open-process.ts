import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { parseTrustedProxies } from "#gateway/client-address";
import { createEdge, type Edge, type EdgeOptions } from "#gateway/edge";
import { openMetricsServer } from "#gateway/metrics-server";
import { writeMetrics } from "#gateway/metrics-text";
import { type Gateway, openGateway } from "#gateway/serve";
import { openWorkers, type Workers } from "#gateway/workers/open-workers";
import type { PortName, ProcessPlan } from "#gateway/workers/plan-process";
import type { Closer } from "#lib/platform/close-all";
import type { Env } from "#lib/platform/env";
import { runtime } from "#lib/platform/runtime";
import { composeProcess } from "./compose.ts";
import { openNext } from "./next-app.ts";
import packageJson from "./package.json" with { type: "json" };

export interface OpenProcessOptions {
  env: Env;
  plan: ProcessPlan;
  /** Filled with what was opened, to be closed in the reverse order. */
  closers: Closer[];
  isStopping: () => boolean;
}

export interface OpenProcess {
  /** Replaces the gateway workers one after another; undefined where there are none. */
  reload: (() => Promise<void>) | undefined;
  /** Of a gateway worker: serves a connection its supervisor accepted. False: it is too late. */
  take: ((socket: Socket) => boolean) | undefined;
}

/** What all servers of a process are told. */
type Common = Pick<EdgeOptions, "readiness" | "build" | "trustedProxies" | "logger" | "now">;

const drainLimitMs = 20_000; // answers under way; then the runtime has 10 s to write down what it holds

/**
 * Runtime, the port for those who watch, gateway, Next, the ports for calls, workers: each is opened when the one before stands.
 * Rejects as soon as one cannot be opened; `closers` then holds those that were.
 */
export async function openProcess(options: OpenProcessOptions): Promise<OpenProcess> {
  const { env, plan, closers } = options;
  const trustedProxies = parseTrustedProxies(env.TRUSTED_PROXIES);
  const loggedWith = plan.isWorker ? { worker: process.pid } : {};
  const composed = await composeProcess({ ...env, ROLES: plan.roles }, loggedWith);
  closers.push(() => composed.close());
  const { logger, metrics } = runtime();
  const workers = plan.workers > 0 ? openWorkers({ count: plan.workers, metrics, logger }) : undefined;
  const common: Common = {
    readiness: async () => {
      const readiness = await composed.readiness();
      return workers?.addTo(readiness) ?? readiness;
    },
    build: { version: packageJson.version, started_at: new Date().toISOString() },
    trustedProxies,
    logger,
    now: () => new Date(),
  };
  let isOpen = false;
  await openWatch(options, common, { workers, isOpen: () => isOpen });
  const edges = await createEdges(options, common);
  // All at once: a port that still took calls while another drains would keep its callers from going elsewhere.
  closers.push(() => Promise.all([workers?.stop(), ...edges.map(({ edge }) => edge.drain(drainLimitMs))]));
  metrics.add({
    name: "portico_open_connections",
    help: "Connections of callers that are open.",
    type: "gauge",
    read: () => edges.reduce((sum, { edge }) => sum + edge.openConnections(), 0),
  });
  for (const { edge, port } of edges) if (port !== undefined) await edge.listen(port, env.HOST);
  await workers?.start(env.GATEWAY_PORT, env.HOST);
  isOpen = true;
  return { reload: workers && (() => workers.reload()), take: plan.isWorker ? edges[0]?.edge.receive() : undefined };
}

/** METRICS_PORT answers before and after all others, so that a start and a stop can be watched. */
async function openWatch(
  { env, plan, closers, isStopping }: OpenProcessOptions,
  common: Common,
  { workers, isOpen }: { workers: Workers | undefined; isOpen: () => boolean },
): Promise<void> {
  const port = portOf(plan, "METRICS_PORT");
  if (port === undefined) return;
  const { metrics } = runtime();
  const server = await openMetricsServer({
    ...common,
    port,
    host: env.HOST,
    scrape: async () => writeMetrics([await metrics.read(), ...((await workers?.readMetrics()) ?? [])]),
    readiness: async () => (isOpen() ? common.readiness() : { ready: false, checks: { process: "starting" } }),
    isDraining: isStopping,
  });
  closers.push(() => server.close());
}

interface PortEdge {
  edge: Edge;
  /** Undefined: it is given its connections. */
  port: number | undefined;
}

async function createEdges({ env, plan, closers }: OpenProcessOptions, common: Common): Promise<PortEdge[]> {
  if (env.UPSTREAMS.size > 0) {
    const { registerUpstreams } = await import("#lib/services/register-upstreams"); // it needs Prisma, which gateways go without
    await registerUpstreams(env.UPSTREAMS, new Date());
  }
  const gateway = plan.roles.includes("gateway") ? await openGateway() : undefined;
  if (gateway) {
    closers.push(() => gateway.close());
    runtime().metrics.add({
      name: "portico_snapshot_age_seconds",
      help: "How old the configuration that calls are served by may be at most.",
      type: "gauge",
      aggregator: "max",
      read: () => gateway.configurationAgeSeconds(),
    });
  }
  const edges: PortEdge[] = [];
  const portalPort = portOf(plan, "PORT");
  if (portalPort !== undefined)
    edges.push({ port: portalPort, edge: await createPortalEdge(env, closers, { ...common, gateway }) });
  if (gateway && plan.workers === 0)
    edges.push({ port: portOf(plan, "GATEWAY_PORT"), edge: createEdge({ ...common, surface: "gateway", gateway }) });
  return edges;
}

async function createPortalEdge(
  env: Env,
  closers: Closer[],
  { gateway, ...common }: Common & { gateway: Gateway | undefined },
): Promise<Edge> {
  const upgrades = new EventEmitter();
  const next = await openNext(env, upgrades);
  closers.push(() => next.close());
  return createEdge({
    ...common,
    surface: "portal",
    next: next.handle,
    publicUrl: env.PUBLIC_URL,
    ...(gateway && { gateway }),
    ...(env.NODE_ENV === "development" && { upgrades }),
  });
}

function portOf({ ports }: ProcessPlan, name: PortName): number | undefined {
  return ports.find((named) => named.name === name)?.port;
}
