import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { withCallers } from "./call.ts";
import { addKeys, addRoute, addService, announce } from "./fill-stage.ts";
import type { GatewayProcess, Stage } from "./stage.ts";

/** What was found, and what of it is wrong: with anything wrong a measurement is void. */
export interface Exactness {
  wrong: string[];
  found: Record<string, number>;
}

const revokedWithinMs = 1_000;

/**
 * That the gateways do their work while they are under load: requests sent = upstream hits + refusals = usage recorded = sums;
 * a limit over several processes is exact; a revoked key ends; answers are those of the upstream, byte for byte.
 */
export async function checkExactness(stage: Stage, gateways: readonly GatewayProcess[]): Promise<Exactness> {
  const upstream = await startVariedUpstream();
  try {
    const serviceId = await addService(stage.pool, stage.ids.tenantId, 1_000_000, upstream.url);
    const ids = { ...stage.ids, serviceId };
    const routeId = await addRoute(stage.pool, ids, "/exact/*", ["unlimited"]);
    await addRoute(stage.pool, stage.ids, "/ready/*", ["unlimited"]);
    await announce(stage.pool, "gateway", routeId);
    await routed(stage, gateways);
    const exactness: Exactness = { wrong: [], found: {} };
    for (const check of [checkLimit, checkRevocation, checkBytes, countAll]) {
      await check({ stage, gateways, upstream, routeId, exactness });
    }
    return exactness;
  } finally {
    await upstream.stop();
  }
}

interface Check {
  stage: Stage;
  gateways: readonly GatewayProcess[];
  upstream: VariedUpstream;
  routeId: string;
  exactness: Exactness;
}

const portsOf = (gateways: readonly GatewayProcess[]) => gateways.map(({ port }) => port);

/** Until every process has the new routes. */
async function routed(stage: Stage, gateways: readonly GatewayProcess[]): Promise<void> {
  await withCallers(portsOf(gateways), gateways.length, async (caller) => {
    while ((await caller.call("/ready/now", { key: stage.secrets[0] ?? "" })).status !== 200) await sleep(20);
  });
}

const limitOfKey = 137;

async function checkLimit({ stage, gateways, exactness }: Check): Promise<void> {
  const limits = [{ algorithm: "sliding_window", limit: limitOfKey, window_seconds: 3_600 }];
  const { secrets } = await addKeys(stage.pool, {
    ...{ tenantId: stage.ids.tenantId, accountId: stage.ids.accountId },
    ...{ keys: 1, limits, pepper: stage.variables.KEY_PEPPER ?? "" },
  });
  const key = secrets[0] ?? "";
  const statuses = await withCallers(portsOf(gateways), 20, async (caller, number) => {
    const seen: number[] = [];
    for (let call = 0; call < 20; call++)
      seen.push((await caller.call(`/exact/limit/${number}/${call}`, { key })).status);
    return seen;
  });
  const admitted = statuses.flat().filter((status) => status === 200).length;
  const refused = statuses.flat().filter((status) => status === 429).length;
  exactness.found.sent = (exactness.found.sent ?? 0) + statuses.flat().length;
  exactness.found.refused = (exactness.found.refused ?? 0) + refused;
  exactness.found[`admittedOfLimit${limitOfKey}`] = admitted;
  if (admitted !== limitOfKey || admitted + refused !== statuses.flat().length)
    exactness.wrong.push(`A limit of ${limitOfKey} over ${gateways.length} processes admitted ${admitted}.`);
}

async function checkRevocation({ stage, gateways, exactness }: Check): Promise<void> {
  const [key, id] = [stage.secrets.at(-1) ?? "", stage.keyIds.at(-1) ?? ""];
  let revokedAtMs = Number.POSITIVE_INFINITY;
  let lastAdmittedMs = 0;
  const calling = withCallers(portsOf(gateways), gateways.length * 2, async (caller, number) => {
    for (let call = 0; call < 10_000; call++) {
      const begunAtMs = performance.now();
      const { status } = await caller.call(`/exact/revoked/${number}/${call}`, { key });
      exactness.found.sent = (exactness.found.sent ?? 0) + 1;
      if (status === 200) lastAdmittedMs = Math.max(lastAdmittedMs, begunAtMs);
      else exactness.found.refused = (exactness.found.refused ?? 0) + 1;
      if (begunAtMs > revokedAtMs + revokedWithinMs) return;
      await sleep(10);
    }
  });
  await sleep(200);
  await stage.pool.query("UPDATE api_keys SET status = 'revoked', revoked_at = now() WHERE id = $1", [id]);
  await announce(stage.pool, "key", id);
  revokedAtMs = performance.now();
  await calling;
  const lateMs = Math.max(0, Math.round(lastAdmittedMs - revokedAtMs));
  exactness.found.revokedKeyAdmittedForMs = lateMs;
  if (lateMs > revokedWithinMs) exactness.wrong.push(`A revoked key was admitted for ${lateMs} ms.`);
}

const exchangeCount = 1_000;

async function checkBytes({ stage, gateways, upstream, exactness }: Check): Promise<void> {
  const wrong: string[] = [];
  await withCallers(portsOf(gateways), 4, async (caller, number) => {
    await withCallers([upstream.port], 1, async (direct) => {
      for (let exchange = number; exchange < exchangeCount; exchange += 4) {
        const { path, ...call } = variedCall(exchange);
        const [through, straight] = [
          await caller.call(path, { ...call, key: stage.secrets[exchange % 100] ?? "" }),
          await direct.call(path, { ...call, headers: { ...call.headers, "x-direct": "1" } }),
        ];
        exactness.found.sent = (exactness.found.sent ?? 0) + 1;
        const isSame =
          through.status === straight.status &&
          through.body.equals(straight.body) &&
          through.headers["x-made-of"] === straight.headers["x-made-of"];
        if (!isSame) wrong.push(`${call.method} ${path}: ${through.status}, ${through.body.length} bytes`);
      }
    });
  });
  exactness.found.exchangesCompared = exchangeCount;
  if (wrong.length > 0) exactness.wrong.push(`${wrong.length} answers differ from the upstream's: ${wrong[0]}`);
}

const countedCalls = 4_000;

/** Last: it counts what all checks sent. */
async function countAll(check: Check): Promise<void> {
  const { stage, upstream, routeId, exactness } = check;
  const { found, wrong } = exactness;
  await sendMixed(check);
  const { sent = 0, refused = 0 } = found;
  const sums = await shipped(stage, routeId, sent);
  const hits = upstream.hits();
  Object.assign(found, {
    upstreamHits: hits,
    usageRows: sums.rows,
    usageCounted: sums.unrecorded,
    summed: sums.requests,
  });
  if (sent !== hits + refused)
    wrong.push(`${sent} requests were sent, ${hits} reached the upstream, ${refused} were refused.`);
  if (sent !== sums.rows + sums.unrecorded)
    wrong.push(`${sent} requests were sent, ${sums.rows} are rows and ${sums.unrecorded} are counted.`);
  if (sent !== sums.requests) wrong.push(`${sent} requests were sent, sums say ${sums.requests}.`);
  if (!sums.isConsistent) wrong.push("The sums of minutes, hours and days differ.");
}

/** Mostly good keys; of twenty calls one with a revoked key and one with none. */
async function sendMixed({ stage, gateways, exactness: { found } }: Check): Promise<void> {
  const callOf = (number: number) => {
    if (number % 20 === 0) return { key: stage.secrets.at(-1) ?? "" };
    return number % 20 === 1 ? {} : { key: stage.secrets[number % 1_000] ?? "" };
  };
  const statuses = await withCallers(portsOf(gateways), 32, async (caller, number) => {
    const seen: number[] = [];
    for (let call = number; call < countedCalls; call += 32)
      seen.push((await caller.call(`/exact/count/${call}`, callOf(call))).status);
    return seen;
  });
  found.sent = (found.sent ?? 0) + statuses.flat().length;
  found.refused = (found.refused ?? 0) + statuses.flat().filter((status) => status >= 400).length;
}

const shippedWithinMs = 15_000;

/** What PostgreSQL knows of a route once it knows of `sent` calls, or when it should have known for long. */
async function shipped(stage: Stage, routeId: string, sent: number): Promise<Recorded> {
  const deadlineMs = performance.now() + shippedWithinMs;
  for (;;) {
    const known = await recorded(stage, routeId);
    if (known.requests >= sent || performance.now() > deadlineMs) return known;
    await sleep(200);
  }
}

interface Recorded {
  rows: number;
  requests: number;
  unrecorded: number;
  isConsistent: boolean;
}

/** What PostgreSQL knows of the calls of a route, at one moment. */
async function recorded({ pool }: Stage, routeId: string): Promise<Recorded> {
  const { rows } = await pool.query<{ rows: string; requests: string[]; unrecorded: string }>(
    `SELECT (SELECT count(*) FROM usage_events WHERE route_id = $1) AS rows, coalesce(array_agg(requests), '{}') AS requests,
       coalesce(max(unrecorded), 0) AS unrecorded
     FROM (SELECT sum(requests)::text AS requests, sum(unrecorded) AS unrecorded FROM usage_sums WHERE route_id = $1 GROUP BY period)`,
    [routeId],
  );
  const requests = rows[0]?.requests.map(Number) ?? [];
  return {
    rows: Number(rows[0]?.rows),
    requests: requests[0] ?? 0,
    unrecorded: Number(rows[0]?.unrecorded),
    isConsistent: requests.every((count) => count === requests[0]),
  };
}

interface VariedUpstream {
  url: string;
  port: number;
  /** Requests, those sent past the gateway apart. */
  hits(): number;
  stop(): Promise<void>;
}

/** Answers of all sizes and framings, made of nothing but the request. */
async function startVariedUpstream(): Promise<VariedUpstream> {
  let hits = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    if (req.headers["x-direct"] === undefined) hits += 1;
    void answerVaried(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    hits: () => hits,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerVaried(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const sent = Buffer.concat(await req.toArray());
  const query = new URL(req.url ?? "/", "http://upstream").searchParams;
  const body = Buffer.concat([bytesOf(req.url ?? "", Number(query.get("size") ?? 64)), sent]);
  const status = Number(query.get("status") ?? 200);
  res.setHeader("x-made-of", createHash("sha256").update(body).digest("hex"));
  res.setHeader("content-type", "application/octet-stream");
  if (query.get("framing") === "chunked") {
    res.writeHead(status);
    for (let at = 0; at < body.length; at += 4_096) res.write(body.subarray(at, at + 4_096));
    res.end();
  } else {
    res.writeHead(status, { "content-length": String(body.length) });
    res.end(req.method === "HEAD" ? undefined : body);
  }
}

const statuses = [200, 200, 200, 201, 202, 206, 301, 400, 404, 409, 418, 422, 500, 503];
const methods = ["GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
const sizes = [0, 1, 180, 1_000, 4_096, 16_384, 65_537, 300_000];

function variedCall(exchange: number): {
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: Buffer;
} {
  const pick = <T>(from: readonly T[], step: number): T => from[Math.floor(exchange / step) % from.length] as T;
  const method = pick(methods, 1);
  const framing = pick(["length", "chunked"], 3);
  const path = `/exact/bytes/${exchange}?size=${pick(sizes, 2)}&status=${pick(statuses, 5)}&framing=${framing}`;
  const hasBody = ["POST", "PUT", "PATCH"].includes(method);
  return { path, method, headers: {}, ...(hasBody && { body: bytesOf(path, pick(sizes, 7)) }) };
}

function bytesOf(seed: string, length: number): Buffer {
  const block = createHash("sha512").update(seed).digest();
  return Buffer.alloc(length, block.subarray(0, 61)); // no power of two: a shift by any buffer's size would show
}
