import { get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Installation, openInstallation } from "#test/installation";
import { startLoad } from "#test/load";
import { type ServerProcess, startServer } from "#test/server";
import { type RecordingUpstream, startUpstream } from "#test/upstream";

/** Servers that come and go under load, over real sockets: no call is lost, none is counted twice. */
let upstream: RecordingUpstream;
let installation: Installation;
const running: ServerProcess[] = [];

beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://upstream");
    if (pathname === "/echo/stream")
      return void res.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
    const delayMs = Number(searchParams.get("ms") ?? Math.random() * 20);
    setTimeout(() => res.end(pathname), delayMs);
  });
  installation = await openInstallation(upstream.url);
  await installation.newRoute("/echo/*");
});

afterAll(async () => {
  await installation?.close();
  await upstream?.close();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
}, 60_000);

async function start(variables: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer({ ...installation.variables, ROLES: "gateway", LOG_LEVEL: "info", ...variables });
  running.push(server);
  return server;
}

const replacedIn = (server: ServerProcess) => server.output().match(/a gateway worker was replaced/g)?.length ?? 0;

/** Every answered call is a row, once, and the sums are the rows. */
async function expectRows(keyId: string, { answered, sent }: { answered: number; sent: number }): Promise<void> {
  await expect
    .poll(async () => (await installation.usageOf(keyId)).rows, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(answered);
  await sleep(500);
  const { rows, distinct, summed } = await installation.usageOf(keyId);
  expect(rows).toBeLessThanOrEqual(sent);
  expect([distinct, summed]).toEqual([rows, rows]);
}

describe("restarts under load", () => {
  it("SIGHUP replaces the workers one after another, and no call fails", async () => {
    const { id, key } = await installation.newKey();
    const server = await start({ GATEWAY_WORKERS: "2" });
    const load = startLoad({ origins: [server.gatewayUrl], headers: { "x-api-key": key }, kept: 8, fresh: 8 });
    await sleep(1_000);
    for (const round of [1, 2]) {
      server.kill("SIGHUP");
      await expect.poll(() => replacedIn(server), { timeout: 40_000 }).toBe(2 * round);
      await sleep(500);
    }
    const result = await load.stop();
    expect(result.failures).toEqual({});
    expect(result.answered).toBeGreaterThan(500);
    await expectRows(id, result);
  }, 120_000);

  it("two instances are restarted in turn, and no call fails whose caller goes elsewhere when a connection is refused", async () => {
    const { id, key } = await installation.newKey();
    const servers = [await start(), await start()];
    const origins = servers.map(({ gatewayUrl }) => gatewayUrl);
    const load = startLoad({ origins, headers: { "x-api-key": key }, kept: 8, fresh: 8 });
    await sleep(1_000);
    for (const [index, server] of servers.entries()) {
      expect(await server.stop()).toBe(0);
      await start({ GATEWAY_PORT: new URL(origins[index] ?? "").port });
      await sleep(500);
    }
    const result = await load.stop();
    expect(result.failures).toEqual({});
    expect(result.answered).toBeGreaterThan(500);
    await expectRows(id, result);
  }, 120_000);
});

describe("SIGTERM", () => {
  it("is not ready first, lets calls under way end, ends streams and WebSockets at 20 s, and ships all of it", async () => {
    const { id, key } = await installation.newKey();
    const server = await start();
    const headers = { "x-api-key": key };
    const call = (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        get(`${server.gatewayUrl}${path}`, { headers }, resolve).on("error", reject);
      });
    const slow = call("/echo/slow?ms=4000");
    const stream = await call("/echo/stream");
    const streamEnded = new Promise<number>((resolve) =>
      stream.on("error", () => undefined).once("close", () => resolve(performance.now())),
    );
    await sleep(300);
    const toldAtMs = performance.now();
    server.kill("SIGTERM");
    await sleep(100);
    const ready = await fetch(`${server.metricsUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: "stopping", checks: {} }]);
    const meanwhile = await fetch(`${server.gatewayUrl}/echo/meanwhile`, { headers });
    expect([meanwhile.status, meanwhile.headers.get("connection")]).toEqual([200, "close"]);
    await sleep(1_000);
    await expect(fetch(`${server.gatewayUrl}/echo/late`, { headers })).rejects.toThrow();
    expect((await slow).statusCode).toBe(200);
    const endedAfterMs = (await streamEnded) - toldAtMs;
    expect(endedAfterMs).toBeGreaterThan(19_000);
    expect(endedAfterMs).toBeLessThan(22_000);
    expect(await server.exited).toBe(0);
    expect(await installation.usageOf(id)).toEqual({ rows: 3, distinct: 3, summed: 3 });
  }, 60_000);
});

describe("kill -9 under load", () => {
  it("of a worker loses no call that was answered, and the others are not disturbed", async () => {
    const { id, key } = await installation.newKey();
    const server = await start({ GATEWAY_WORKERS: "2" });
    const [, victim] = [...server.output().matchAll(/"worker":(\d+).*?"ready"/g)].map(([, pid]) => Number(pid));
    const load = startLoad({ origins: [server.gatewayUrl], headers: { "x-api-key": key }, kept: 8, fresh: 8 });
    await sleep(1_500);
    process.kill(victim ?? 0, "SIGKILL");
    await sleep(2_500);
    const result = await load.stop();
    const failed = Object.values(result.failures).reduce((sum, count) => sum + count, 0);
    expect(failed, JSON.stringify(result.failures)).toBeLessThanOrEqual(16); // a caller has one call under way
    expect(JSON.stringify(result.failures)).not.toContain("no answer");
    expect(result.answered).toBeGreaterThan(500);
    await expectRows(id, result);
  }, 120_000);

  it("of the server loses no call that was answered: the next one ships what it had written", async () => {
    const { id, key } = await installation.newKey();
    const server = await start();
    const load = startLoad({ origins: [server.gatewayUrl], headers: { "x-api-key": key }, kept: 8, fresh: 8 });
    await sleep(1_500);
    server.kill("SIGKILL");
    await server.exited;
    const { answered, sent } = { ...(await load.stop()) };
    await start();
    expect(answered).toBeGreaterThan(300);
    await expectRows(id, { answered, sent });
  }, 120_000);
});
