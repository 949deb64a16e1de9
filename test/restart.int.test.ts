import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type Installation, openInstallation } from "#test/installation";
import { type Load, type LoadOptions, startLoad } from "#test/load";
import { type ServerProcess, startServer } from "#test/server";

/** Servers that come and go under load, over real sockets: no call is lost, none is counted twice. */
let upstream: Server;
let installation: Installation;
const running: ServerProcess[] = [];
const loads: Load[] = [];

beforeAll(async () => {
  upstream = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://upstream");
    if (pathname === "/echo/stream") {
      res.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      return;
    }
    setTimeout(() => res.end(pathname), Number(searchParams.get("ms") ?? Math.random() * 20));
  });
  const sockets = new WebSocketServer({ noServer: true });
  upstream.on("upgrade", (req, socket, head) =>
    sockets.handleUpgrade(req, socket, head, (peer) => peer.on("message", (message) => peer.send(message))),
  );
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  installation = await openInstallation(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  await installation.newRoute("/echo/*");
});

afterAll(async () => {
  await installation?.close();
  upstream?.closeAllConnections();
  upstream?.close();
});

afterEach(async () => {
  await Promise.all(loads.splice(0).map((load) => load.stop())); // of a test that failed
  await Promise.all(running.splice(0).map((server) => server.stop()));
}, 60_000);

async function start(variables: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer({ ...installation.variables, ROLES: "gateway", LOG_LEVEL: "info", ...variables });
  running.push(server);
  return server;
}

function callAllTheTime(options: LoadOptions): Load {
  const load = startLoad(options);
  loads.push(load);
  return load;
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
    const load = callAllTheTime({ origins: [server.gatewayUrl], headers: { "x-api-key": key }, kept: 8, fresh: 8 });
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

  it.each(["1", "2"])(
    "two instances (GATEWAY_WORKERS=%s) restarted in turn fail no call whose caller goes elsewhere when refused",
    async (GATEWAY_WORKERS) => {
      const { id, key } = await installation.newKey();
      const servers = [await start({ GATEWAY_WORKERS }), await start({ GATEWAY_WORKERS })];
      const origins = servers.map(({ gatewayUrl }) => gatewayUrl);
      const load = callAllTheTime({ origins, headers: { "x-api-key": key }, kept: 8, fresh: 8 });
      await sleep(1_000);
      for (const [index, server] of servers.entries()) {
        expect(await server.stop()).toBe(0);
        await start({ GATEWAY_WORKERS, GATEWAY_PORT: new URL(origins[index] ?? "").port });
        await sleep(500);
      }
      const result = await load.stop();
      expect(result.failures).toEqual({});
      expect(result.answered).toBeGreaterThan(500);
      await expectRows(id, result);
    },
    120_000,
  );
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
    const webSocket = new WebSocket(`${server.gatewayUrl.replace("http", "ws")}/echo/ws`, { headers });
    await new Promise((resolve) => webSocket.once("open", resolve));
    const socketEnded = new Promise<number>((resolve) => webSocket.once("close", () => resolve(performance.now())));
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
    const echoed = new Promise((resolve) => webSocket.once("message", (message) => resolve(String(message))));
    webSocket.send("still there?");
    expect(await echoed).toBe("still there?");
    for (const ended of [streamEnded, socketEnded]) {
      expect((await ended) - toldAtMs).toBeGreaterThan(19_000);
      expect((await ended) - toldAtMs).toBeLessThan(22_000);
    }
    expect(await server.exited).toBe(0);
    expect(await installation.usageOf(id)).toEqual({ rows: 4, distinct: 4, summed: 4 });
  }, 60_000);
});

describe("kill -9 under load", () => {
  it("of a worker loses no call that was answered, and the others are not disturbed", async () => {
    const { id, key } = await installation.newKey();
    const server = await start({ GATEWAY_WORKERS: "2" });
    const [, victim] = [...server.output().matchAll(/"worker":(\d+).*?"ready"/g)].map(([, pid]) => Number(pid));
    const load = callAllTheTime({ origins: [server.gatewayUrl], headers: { "x-api-key": key }, kept: 8, fresh: 8 });
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
    const load = callAllTheTime({ origins: [server.gatewayUrl], headers: { "x-api-key": key }, kept: 8, fresh: 8 });
    await sleep(1_500);
    server.kill("SIGKILL");
    await server.exited;
    const { answered, sent } = { ...(await load.stop()) };
    await start();
    expect(answered).toBeGreaterThan(300);
    await expectRows(id, { answered, sent });
  }, 120_000);
});
