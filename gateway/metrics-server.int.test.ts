import { afterEach, beforeEach, expect, it } from "vitest";
import { type MetricsServer, type MetricsServerOptions, openMetricsServer } from "#gateway/metrics-server";

let server: MetricsServer;
let isDraining: boolean;
let logged: string[];

async function open(options: Partial<MetricsServerOptions> = {}): Promise<void> {
  server = await openMetricsServer({
    port: 0,
    host: "127.0.0.1",
    scrape: async () => "# TYPE a counter\na 1\n",
    readiness: async () => ({ ready: true, checks: { database: "ok" } }),
    isDraining: () => isDraining,
    build: { version: "1.2.3", started_at: "2026-11-20T12:00:00.000Z" },
    logger: { error: (_, message) => void logged.push(message) },
    now: () => new Date("2026-11-20T12:00:00Z"),
    ...options,
  });
}

beforeEach(async () => {
  isDraining = false;
  logged = [];
});
afterEach(() => server.close());

const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

it("/metrics is Prometheus's text, and HEAD of it has no body", async () => {
  await open();
  const answer = await get("/metrics?x=1");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  expect(await answer.text()).toBe("# TYPE a counter\na 1\n");
  expect(await (await get("/metrics", { method: "HEAD" })).text()).toBe("");
});

it("/healthz lives, /readyz says what is missing, and that it stops", async () => {
  let ready = true;
  await open({ readiness: async () => ({ ready, checks: { database: ready ? "ok" : "unreachable" } }) });
  expect((await get("/healthz")).status).toBe(200);
  expect((await get("/readyz")).status).toBe(200);
  ready = false;
  expect(await (await get("/readyz")).json()).toEqual({ status: "not_ready", checks: { database: "unreachable" } });
  isDraining = true;
  const stopping = await get("/readyz");
  expect([stopping.status, (await stopping.json()).status]).toEqual([503, "stopping"]);
  expect((await get("/healthz")).status).toBe(200);
});

it.each([
  ["GET", "/", 404],
  ["GET", "/api/v1/api-management/keys", 404],
  ["POST", "/metrics", 404],
  ["POST", "/healthz", 405],
])("%s %s is a problem of status %i", async (method, path, status) => {
  await open();
  const answer = await get(path, { method });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
});

it("a scrape that fails is a problem and a line in the log, and the next one works", async () => {
  let isBroken = true;
  await open({ scrape: () => (isBroken ? Promise.reject(new Error("no")) : Promise.resolve("a 1\n")) });
  expect((await get("/metrics")).status).toBe(500);
  expect(logged).toEqual(["a scrape failed"]);
  isBroken = false;
  expect((await get("/metrics")).status).toBe(200);
});

it("a port in use rejects, with the port", async () => {
  await open();
  const { port } = server;
  await expect(open({ port })).rejects.toMatchObject({ code: "EADDRINUSE", port });
});
