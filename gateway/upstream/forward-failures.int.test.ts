import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { forwarder, rawUpstream, upstream } from "#test/forwarder-fixtures";
import { openRawClient } from "#test/raw-client";
import { onRequestHead, startUpstream } from "#test/upstream";

const get = (path = "/") => `GET ${path} HTTP/1.1\r\nHost: g\r\n\r\n`;
const post = "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\nhi";

/** An address nobody listens at. */
async function deadUrl(): Promise<string> {
  const { url, close } = await startUpstream();
  await close();
  return url;
}

const target = (id: string, url: string, maxConnections: number | null = null) => ({
  ...{ id, name: id, url, weight: 1, maxConnections },
});

/** A listener that never accepts: its queue takes two connections, and the kernel leaves further ones incomplete. */
async function startDeaf(): Promise<{ port: number; end: () => void }> {
  const script = `
    const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () =>
      process.send(server.address().port, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)));`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [port] = await once(child, "message");
  await sleep(100);
  return { port: Number(port), end: () => child.kill("SIGKILL") };
}

describe("an upstream that cannot be reached", () => {
  it("is tried twice, then 503", async () => {
    const { url, ended } = await forwarder({ baseUrl: await deadUrl() });
    const answer = await fetch(url);
    expect([answer.status, await answer.json()]).toEqual([503, { code: "UPSTREAM_UNAVAILABLE", status: 503 }]);
    expect(await ended()).toMatchObject({
      kind: "failed",
      status: 503,
      attempts: 2,
      upstreamUs: null,
      responseBytes: 0,
    });
  });

  it.each([
    ["GET", null],
    ["POST", "x".repeat(100)],
    ["POST", "x".repeat(1_000_000)],
  ])("gives way to another target: %s", async (method, body) => {
    let arrived = 0;
    const to = await upstream((req, res) =>
      req
        .on("data", ({ length }) => {
          arrived += length;
        })
        .on("end", () => res.end("ok")),
    );
    const { url, ended } = await forwarder({
      baseUrl: to.url,
      targets: [target("dead", await deadUrl()), target("alive", to.url)],
    });
    const answer = await fetch(url, { method, body });
    expect(await answer.text()).toBe("ok");
    expect(arrived).toBe(body?.length ?? 0);
    expect(await ended()).toMatchObject({ kind: "answered", attempts: 2, target: "alive" });
  });

  it("is 503 when its name is unknown", async () => {
    const { url } = await forwarder({ baseUrl: "http://nowhere.invalid" });
    expect((await fetch(url)).status).toBe(503);
  });

  it("is 503 when it does not accept in time", async () => {
    const { port: stuck, end } = await startDeaf();
    const fillers = await Promise.all([1, 2].map(() => openRawClient(stuck)));
    const { url, ended } = await forwarder({ baseUrl: `http://127.0.0.1:${stuck}`, connectTimeoutMs: 200 });
    const startedAt = performance.now();
    expect((await fetch(url)).status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(await ended()).toMatchObject({ kind: "failed", attempts: 2 });
    for (const { socket } of fillers) socket.destroy();
    end();
  });

  it("is 503 at once when every target is at its limit", async () => {
    const to = await upstream(() => {});
    const { url, port, outcomes, ended } = await forwarder({ baseUrl: to.url, targets: [target("small", to.url, 2)] });
    const busy = [await openRawClient(port, get()), await openRawClient(port, get())];
    while (to.requests.length < 2) await sleep(5);
    expect((await fetch(url)).status).toBe(503);
    expect(outcomes).toMatchObject([{ kind: "failed", attempts: 0, target: null }]);
    busy[0]?.socket.destroy();
    await ended(2);
    await openRawClient(port, get("/again"));
    while (to.requests.length < 3) await sleep(5);
  });

  it("is 503 when no connection becomes free in time, and forgets who waited", async () => {
    const to = await upstream((req, res) => req.url === "/quick" && res.end("ok"));
    const { url, port, ended } = await forwarder({ baseUrl: to.url, connectionsMax: 1, connectTimeoutMs: 200 });
    const busy = await openRawClient(port, get("/slow"));
    while (to.requests.length < 1) await sleep(5);
    const gone = await openRawClient(port, get("/gone"));
    await sleep(50);
    gone.socket.destroy();
    expect(await ended()).toMatchObject({ kind: "client_left", status: 499 });
    expect((await fetch(url)).status).toBe(503);
    busy.socket.destroy();
    await ended(3);
    expect(await (await fetch(`${url}/quick`)).text()).toBe("ok");
    expect(to.requests.map(({ url }) => url)).toEqual(["/slow", "/quick"]);
  });
});

describe("a slow upstream", () => {
  it("is 504 when the first byte is late", async () => {
    const to = await upstream(() => {});
    const { url, port, ended } = await forwarder({ baseUrl: to.url, responseTimeoutMs: 150 });
    expect((await fetch(url)).status).toBe(504);
    expect(await ended()).toMatchObject({ kind: "failed", status: 504, attempts: 1 });
    await (await openRawClient(port, post)).until(/504/);
    expect(to.openSockets.size).toBe(0);
  });

  it("is 504 when the whole takes too long, and cut when that was seen after the head", async () => {
    const to = await upstream((req, res) => req.url === "/body" && res.write("x"));
    const { url, port, ended } = await forwarder({ baseUrl: to.url, totalTimeoutMs: 150 });
    expect((await fetch(url)).status).toBe(504);
    expect(await ended()).toMatchObject({ kind: "failed", error: { code: "UPSTREAM_TIMEOUT" } });
    const client = await openRawClient(port, get("/body"));
    expect(await client.closed()).toMatch(/200 OK[\s\S]*1\r\nx\r\n$/);
    expect(await ended(2)).toMatchObject({ kind: "broke", status: 200, error: { code: "UPSTREAM_TIMEOUT" } });
  });
});

describe("an upstream that breaks off", () => {
  it.each([
    ["in the middle of its head", "HTTP/1.1 200 OK\r\nContent-Le"],
    ["before its first byte", ""],
  ])("%s is 502", async (_name, bytes) => {
    const to = await rawUpstream((socket) => onRequestHead(socket, () => socket.end(bytes)));
    const { url, ended } = await forwarder({ baseUrl: to.url });
    expect((await fetch(url)).status).toBe(502);
    expect(await ended()).toMatchObject({
      kind: "failed",
      status: 502,
      attempts: 1,
      error: { code: "UPSTREAM_ERROR" },
    });
  });

  it.each([
    ["of a stated length", "Content-Length: 10\r\n\r\nhello"],
    ["in chunks", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
  ])("in a body %s breaks the client's off too", async (_name, rest) => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => {
        socket.write(`HTTP/1.1 200 OK\r\n${rest}`);
        setTimeout(() => socket.resetAndDestroy(), 50);
      }),
    );
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get());
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello(\r\n)?$/);
    expect(await ended()).toMatchObject({
      kind: "broke",
      status: 200,
      error: { code: "UPSTREAM_ERROR" },
      responseBytes: 5,
    });
  });

  /** Answers one request of each connection and resets it at the next. */
  const stale = () =>
    rawUpstream((socket) =>
      onRequestHead(socket, (_head, number) =>
        number === 1 ? socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") : socket.resetAndDestroy(),
      ),
    );

  it.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])(
    "on a connection that lay idle is asked again: %s",
    async (method) => {
      const to = await stale();
      const { port, ended, outcomes } = await forwarder({ baseUrl: to.url });
      const client = await openRawClient(port, get());
      await client.until(/ok$/);
      await ended(1);
      await sleep(20);
      client.send(`${method} / HTTP/1.1\r\nHost: g\r\n\r\n`);
      expect(await ended(2)).toMatchObject({ kind: "answered", attempts: 2 });
      expect(outcomes).toHaveLength(2);
      expect(to.connections).toBe(2);
    },
  );

  it.each([
    ["a POST", post],
    ["a POST without a body", "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n"],
    ["a PUT with a body", post.replace("POST", "PUT")],
  ])("on a connection that lay idle is not asked again: %s", async (_name, bytes) => {
    const to = await rawUpstream((socket) => {
      let number = 0;
      socket.on("data", () => {
        number += 1;
        if (number === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        else socket.resetAndDestroy();
      });
    });
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get());
    await client.until(/ok$/);
    await sleep(20);
    client.send(bytes);
    expect(await ended(2)).toMatchObject({ kind: "failed", status: 502, attempts: 1 });
    expect(to.connections).toBe(1);
  });

  it("after its first byte is not asked again", async () => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, (_head, number) => {
        if (number === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        else socket.end("HTTP/1.1 2");
      }),
    );
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get());
    await client.until(/ok$/);
    await sleep(20);
    client.send(get());
    expect(await ended(2)).toMatchObject({ kind: "failed", status: 502, attempts: 1 });
  });
});
