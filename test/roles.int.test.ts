import { mkdtempSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Installation, openInstallation } from "#test/installation";
import { parseScrape, type Scrape } from "#test/prometheus";
import { launchServer, type ServerProcess, startServer } from "#test/server";
import { type RecordingUpstream, startUpstream } from "#test/upstream";

/** What ROLES, GATEWAY_WORKERS and the three ports mean, asked of server.ts as a process. */
let upstream: RecordingUpstream;
let installation: Installation;
let key: string;
const running: ServerProcess[] = [];

beforeAll(async () => {
  upstream = await startUpstream((_req, res) => res.end("hello"));
  installation = await openInstallation(upstream.url);
  await installation.newRoute("/echo/*");
  key = (await installation.newKey()).key;
});

afterAll(async () => {
  await installation?.close();
  await upstream?.close();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
}, 60_000);

async function start(variables: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer({ ...installation.variables, ...variables });
  running.push(server);
  return server;
}

async function refusal(variables: Record<string, string>): Promise<string> {
  const server = await launchServer({ ...installation.variables, ...variables });
  expect(await server.exited).toBe(1);
  return server.output();
}

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const callWithKey = (origin: string) => get(`${origin}/echo/1`, { "x-api-key": key });
const isOpen = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );
const scrape = async (server: ServerProcess): Promise<Scrape> =>
  parseScrape(await (await get(`${server.metricsUrl}/metrics`)).text());

describe("ROLES=gateway", () => {
  it("serves calls on GATEWAY_PORT, opens no portal, and loads neither Next nor React nor the job queue", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portico-test-modules-"));
    const list = join(folder, "modules");
    const program = join(import.meta.dirname, "programs/list-modules.ts");
    const server = await start({ ROLES: "gateway", MODULES_FILE: list, NODE_OPTIONS: `--import=${program}` });
    const answer = await callWithKey(server.gatewayUrl);
    expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
    expect((await get(`${server.gatewayUrl}/nothing`)).status).toBe(404);
    expect(await isOpen(server.url)).toBe(false);
    const modules = readFileSync(list, "utf8");
    expect(modules).toContain("/gateway/serve.ts");
    expect(modules).not.toMatch(/node_modules\/(next|react|react-dom|graphile-worker)\//);
  });

  it("/metrics is on METRICS_PORT and nowhere else", async () => {
    const server = await start({ ROLES: "gateway" });
    for (let call = 0; call < 3; call++) expect((await callWithKey(server.gatewayUrl)).status).toBe(200);
    expect((await get(`${server.gatewayUrl}/echo/1`)).status).toBe(401);
    expect((await get(`${server.gatewayUrl}/metrics`)).status).toBe(404);
    await expect
      .poll(async () => (await scrape(server)).value("portico_usage_shipped_total"), { timeout: 5_000 })
      .toBe(5);
    const found = await scrape(server);
    expect(found.sum("portico_gateway_requests_total", { status_class: "2xx", outcome: "answered" })).toBe(3);
    expect(found.sum("portico_gateway_requests_total", { status_class: "4xx", outcome: "refused" })).toBe(2);
    expect(found.value("portico_gateway_refusals_total", { code: "API_KEY_INVALID" })).toBe(1);
    expect(found.value("portico_gateway_refusals_total", { code: "ROUTE_NOT_FOUND" })).toBe(1);
    expect(found.value("portico_gateway_request_seconds_count")).toBe(5);
    expect(found.value("portico_gateway_upstream_seconds_count")).toBe(3);
    expect(found.value("portico_limit_decisions_total", { result: "admitted", degraded: "false" })).toBe(4);
    expect(found.value("portico_usage_rows_total")).toBe(5); // the stranger's /metrics too
    expect(found.value("portico_usage_lag_seconds")).toBeLessThan(5);
    expect(found.value("portico_usage_spool_fill")).toBeLessThan(0.01);
    expect(found.value("portico_api_key_cache_entries")).toBe(1);
    expect(found.value("portico_snapshot_age_seconds")).toBe(0);
    expect(found.value("portico_open_connections")).toBeGreaterThan(0);
    expect(found.value("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
  });

  it("METRICS_ENABLED=false opens no METRICS_PORT", async () => {
    const server = await start({ ROLES: "gateway", METRICS_ENABLED: "false" });
    expect([await isOpen(server.metricsUrl), (await callWithKey(server.gatewayUrl)).status]).toEqual([false, 200]);
  });
});

describe("ROLES=worker", () => {
  it("opens METRICS_PORT alone, and is ready", async () => {
    const server = await start({ ROLES: "worker" });
    expect([await isOpen(server.url), await isOpen(server.gatewayUrl)]).toEqual([false, false]);
    const ready = await get(`${server.metricsUrl}/readyz`);
    expect([ready.status, (await ready.json()).checks]).toEqual([200, { database: "ok", changes: "ok", spool: "ok" }]);
    expect(await server.stop()).toBe(0);
  });
});

describe("a server that cannot start", () => {
  it.each(["GATEWAY_PORT", "METRICS_PORT"])(
    "because %s is taken says so in one sentence, exit code 1",
    async (name) => {
      const squatter = createServer().listen(0, "127.0.0.1");
      await new Promise((done) => squatter.once("listening", done));
      const { port } = squatter.address() as { port: number };
      const sentence = `Port ${port} is in use by another program: end it, or set ${name} to another port.\n`;
      try {
        const silent = { LOG_LEVEL: "silent", [name]: String(port) };
        expect(await refusal({ ...silent, ROLES: "gateway" })).toBe(sentence);
        expect(await refusal({ ...silent, ROLES: "gateway", GATEWAY_WORKERS: "2" })).toBe(sentence);
      } finally {
        squatter.close();
      }
    },
  );

  it("because several workers would count limits alone says what it needs", async () => {
    expect(await refusal({ ROLES: "gateway", GATEWAY_WORKERS: "2", REDIS_URL: "" })).toBe(
      "GATEWAY_WORKERS is 2, and more than one process needs Redis to count limits together: set REDIS_URL, or GATEWAY_WORKERS to 1.\n",
    );
  });
});

describe("GATEWAY_WORKERS=2", () => {
  const pidsOf = (server: ServerProcess) =>
    [...server.output().matchAll(/"worker":(\d+).*?"ready"/g)].map(([, pid]) => Number(pid));

  it("serves calls in two processes, and scrapes and readiness are of both", async () => {
    const server = await start({ ROLES: "gateway", GATEWAY_WORKERS: "2" });
    const answers = await Promise.all(Array.from({ length: 20 }, () => callWithKey(server.gatewayUrl)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const found = await scrape(server);
    expect(found.sum("portico_gateway_requests_total")).toBe(20);
    expect(found.value("portico_gateway_workers", { state: "serving" })).toBe(2);
    expect((await (await get(`${server.metricsUrl}/readyz`)).json()).checks).toMatchObject({ workers: "ok" });
    expect(pidsOf(server)).toHaveLength(2);
    const { rows } = await installation.client.query(
      "SELECT count(*)::int AS alive FROM processes WHERE stopped_at IS NULL AND heartbeat_at > now() - interval '5 seconds'",
    );
    expect(rows[0].alive).toBe(3);
    expect(await server.stop()).toBe(0);
    for (const pid of pidsOf(server)) expect(() => process.kill(pid, 0)).toThrow();
  });

  it("replaces a worker that was killed, says so, and its counts stay", async () => {
    const server = await start({ ROLES: "gateway", GATEWAY_WORKERS: "2" });
    await Promise.all(Array.from({ length: 10 }, () => callWithKey(server.gatewayUrl)));
    expect((await scrape(server)).sum("portico_gateway_requests_total")).toBe(10);
    process.kill(pidsOf(server)[0] ?? 0, "SIGKILL");
    await expect.poll(() => pidsOf(server).length, { timeout: 15_000 }).toBe(3);
    expect(server.output()).toMatch(/"why":"process \d+: SIGKILL".*another takes its place/);
    await Promise.all(Array.from({ length: 10 }, () => callWithKey(server.gatewayUrl)));
    const found = await scrape(server);
    expect(found.sum("portico_gateway_requests_total")).toBe(20);
    expect(found.value("portico_gateway_worker_restarts_total")).toBe(1);
  });

  it("cuts off a caller that never finishes a head, as a server that listens does", async () => {
    const server = await start({ ROLES: "gateway", GATEWAY_WORKERS: "2" });
    const { port } = new URL(server.gatewayUrl);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), "127.0.0.1", () => socket.write("GET /echo/1 HTTP/1.1\r\nHost: a\r\n"));
      socket.on("data", (chunk) => (text += chunk));
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*did not arrive within 10 seconds/);
  });

  it("ends with its supervisor, though that was killed, and finishes what is under way", async () => {
    const server = await start({ ROLES: "gateway", GATEWAY_WORKERS: "2" });
    const pids = pidsOf(server);
    server.kill("SIGKILL");
    await server.exited;
    await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
