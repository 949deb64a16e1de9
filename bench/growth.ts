import { setTimeout as sleep } from "node:timers/promises";
import { Caller } from "./call.ts";
import { announce, fillKeys } from "./fill-stage.ts";
import { requirePrograms } from "./machine.ts";
import { median, report, reportVoid, roundCount, rounded, say } from "./report.ts";
import { type GatewayProcess, openStage } from "./stage.ts";
import { type Load, load, warmLoad } from "./wrk.ts";

/**
 * P15: what a decade more of keys, of routes, of tenants costs: CPU of the gateway for each request, and how long a change of the
 * configuration takes to be served.
 */
requirePrograms("wrk", "nginx", "redis-server");
const seconds = Number(process.env.SECS ?? 4);
const decades = {
  keys: [1_000, 10_000, 100_000, 1_000_000],
  routes: [10, 100, 1_000, 10_000],
  tenants: [1, 10, 100, 1_000, 10_000],
};
type Kind = keyof typeof decades;
const kinds = (process.env.OF ?? "keys routes tenants").split(" ") as Kind[];
const failures: string[] = [];
async function grow(kind: Kind): Promise<void> {
  const stage = await openStage({ keys: 1_000 });
  try {
    const gateway = await stage.startGateway();
    await warmLoad(stage, { gateway, path: "/svc/items", seconds: seconds * 2, keys: 1_000 });
    const points: { count: number; cpuUs: number; requestsPerSecond: number; reloadMs: number }[] = [];
    for (const count of decades[kind]) {
      await fill[kind](stage, count);
      const reloadMs = await reload(stage, gateway, count);
      const { cpuUs, requestsPerSecond } = await measure(stage, gateway);
      points.push({ count, cpuUs: rounded(cpuUs, 1), requestsPerSecond: Math.round(requestsPerSecond), reloadMs });
      say(`${count} ${kind}: ${rounded(cpuUs, 1)} µs, ${Math.round(requestsPerSecond)}/s, reload ${reloadMs} ms`);
    }
    reportGrowth(kind, points);
  } finally {
    await stage.close();
  }
}

/** The median of some runs. */
async function measure(stage: Stage, gateway: GatewayProcess): Promise<Load> {
  const runs: Load[] = [];
  await load(stage, { gateway, path: "/svc/items", seconds: 2, keys: 1_000 });
  for (let round = 0; round < roundCount; round++)
    runs.push(await load(stage, { gateway, path: "/svc/items", seconds, keys: 1_000 }));
  const failed = runs.reduce((sum, run) => sum + run.failures, 0);
  if (failed > 0) failures.push(`${failed} answers were failures.`);
  const of = (pick: (run: Load) => number) => median(runs.map(pick));
  return { ...(runs[0] as Load), cpuUs: of((run) => run.cpuUs), requestsPerSecond: of((run) => run.requestsPerSecond) };
}

type Stage = Awaited<ReturnType<typeof openStage>>;

const fill: Record<Kind, (stage: Stage, count: number) => Promise<void>> = {
  keys: ({ pool, ids }, count) => fillKeys(pool, ids, count),
  async routes({ pool, ids: { tenantId, gatewayId, serviceId } }, count) {
    await pool.query(
      `INSERT INTO routes (id, tenant_id, gateway_id, service_id, name, path)
       SELECT 'rt_' || substr(md5('route' || n), 1, 22), $1, $2, $3, 'route ' || n, '/growth/' || n % 97 || '/r' || n || '/{id}/*'
       FROM generate_series(1, $4::int) AS n ON CONFLICT DO NOTHING`,
      [tenantId, gatewayId, serviceId, count],
    );
  },
  async tenants({ pool, upstream }, count) {
    const id = (prefix: string, kind: string) => `'${prefix}_' || substr(md5('${kind}' || n), 1, 22)`;
    const [tenant, service, gateway] = [id("tn", "tenant"), id("svc", "service"), id("gw", "gateway")];
    const many = "FROM generate_series(2, $1::int) AS n ON CONFLICT DO NOTHING";
    await pool.query(`INSERT INTO tenants (id, slug, name) SELECT ${tenant}, 'tenant-' || n, 'Tenant ' || n ${many}`, [
      count,
    ]);
    await pool.query(
      `INSERT INTO services (id, tenant_id, number, name, display_name, base_url)
       SELECT ${service}, ${tenant}, 1, 'svc', 'svc', $2 ${many}`,
      [count, upstream.url],
    );
    await pool.query(
      `INSERT INTO gateways (id, tenant_id, name, domains) SELECT ${gateway}, ${tenant}, 'gateway', ARRAY['t' || n || '.example'] ${many}`,
      [count],
    );
    await pool.query(`INSERT INTO gateway_domains (name, tenant_id) SELECT 't' || n || '.example', ${tenant} ${many}`, [
      count,
    ]);
    await pool.query(
      `INSERT INTO routes (id, tenant_id, gateway_id, service_id, name, path)
       SELECT ${id("rt", "of tenant")}, ${tenant}, ${gateway}, ${service}, 'all', '/all/*' ${many}`,
      [count],
    );
  },
};

/** From the commit that adds a route to the first call that it answers, milliseconds. */
async function reload({ pool, ids, secrets }: Stage, gateway: GatewayProcess, count: number): Promise<number> {
  const caller = new Caller(gateway.port);
  const path = `/reload/${count}`;
  const id = `rt_reload${String(count).padStart(16, "0")}`;
  await pool.query(
    "INSERT INTO routes (id, tenant_id, gateway_id, service_id, name, path) VALUES ($1, $2, $3, $4, $5, $5)",
    [id, ids.tenantId, ids.gatewayId, ids.serviceId, path],
  );
  const startedMs = performance.now();
  await announce(pool, "gateway", id);
  while ((await caller.call(path, { key: secrets[0] ?? "" })).status !== 200) await sleep(1);
  caller.close();
  return Math.round(performance.now() - startedMs);
}

function reportGrowth(kind: Kind, points: readonly { count: number; cpuUs: number; reloadMs: number }[]): void {
  const steps = points.slice(1).map(({ cpuUs }, at) => (cpuUs / (points[at]?.cpuUs ?? cpuUs) - 1) * 100);
  const [first, last] = [points[0], points.at(-1)];
  const perDecade = ((last?.cpuUs ?? 0) / (first?.cpuUs ?? 1)) ** (1 / steps.length) - 1;
  const what = `CPU per request over ${kind} ${first?.count} → ${last?.count}: growth per decade`;
  const detail = { points, worstStepPercent: rounded(Math.max(...steps), 1) };
  const targets = { must: { atMost: 10 }, moonshot: { atMost: 3 } };
  report({ id: "P15", what, figure: rounded(perDecade * 100, 1), unit: "%", ...targets, detail });
}

for (const kind of kinds) await grow(kind);
if (failures.length > 0) reportVoid("P15", failures);
