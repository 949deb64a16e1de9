import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { runtime } from "#lib/platform/runtime";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { sql } from "#test/identity";
import { openRawClient } from "#test/raw-client";
import { type RecordingUpstream, startUpstream } from "#test/upstream";
import { issueKey } from "#test/world";

/** What the proxy promises, through the whole edge: an authenticated route, limits on. Its parts are tested in gateway/upstream. */
let gateway: TestGateway;
let upstream: RecordingUpstream;
let sockets: WebSocketServer;
let key: string;

const large = randomBytes(50 * 1024 ** 2);
const digestOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
let releaseStream = () => {};
let streamClosed: Promise<unknown>;

const answers: Record<string, Parameters<typeof startUpstream>[0]> = {
  "/upload": (req, res) => {
    const hash = createHash("sha256");
    req.on("data", (chunk: Buffer) => hash.update(chunk)).on("end", () => res.end(hash.digest("hex")));
  },
  "/download": (_req, res) => res.writeHead(200, { "content-length": large.length }).end(large),
  "/events": (_req, res) => {
    res.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
    releaseStream = () => res.end("data: last\n\n");
    streamClosed = once(res, "close");
  },
  "/trailers": (_req, res) => {
    res.writeHead(200, { trailer: "X-Checksum" }).write("a text");
    res.addTrailers({ "X-Checksum": "abc", Host: "evil.test" });
    res.end();
  },
  "/nothing": (_req, res) => res.writeHead(204).end(),
  "/unchanged": (_req, res) => res.writeHead(304, { etag: '"1"' }).end(),
  "/text": (_req, res) => res.writeHead(200, { "content-length": 6 }).end("a text"),
};

beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    const answer = answers[req.url ?? ""];
    if (answer) answer(req, res);
    else res.writeHead(404).end();
  });
  sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  sockets.on("connection", (socket) =>
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  await once(sockets, "listening");
  gateway = await openTestGateway();
  const { port } = sockets.address() as { port: number };
  await gateway.publish({ path: "/ws", url: `http://127.0.0.1:${port}` });
  await gateway.publish({ path: "/*", url: upstream.url });
  key = (await issueKey(gateway.world.one.tenantId, gateway.world.one.customer)).key;
  await gateway.start();
});

afterAll(async () => {
  await gateway.close();
  sockets.close();
  await upstream.close();
});

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  await runtime().usage.shipped(2_000);
  return sql("SELECT * FROM usage_events WHERE path = $1 ORDER BY occurred_at", [path]);
}

const head = (line: string, ...lines: string[]) =>
  [line, "Host: g", `X-API-Key: ${key}`, ...lines, "", ""].join("\r\n");

describe("bodies", () => {
  it("50 MB up, byte for byte", async () => {
    const answer = await gateway.send("/upload", { method: "POST", key, body: large });
    expect([answer.status, answer.text]).toEqual([200, digestOf(large)]);
    expect(await rowsOf("/upload")).toMatchObject([{ status: 200, request_bytes: String(large.length) }]);
  });

  it("50 MB up in chunks", async () => {
    const { gatewayPort: port } = gateway;
    const headers = { "x-api-key": key, "transfer-encoding": "chunked" };
    const req = request({ host: "127.0.0.1", port, path: "/upload", method: "PUT", headers, agent: false });
    for (let at = 0; at < large.length; at += 1024 ** 2) req.write(large.subarray(at, at + 1024 ** 2));
    req.end();
    const [res] = await once(req, "response");
    expect(Buffer.concat(await res.toArray()).toString()).toBe(digestOf(large));
  });

  it("50 MB down, byte for byte", async () => {
    const { gatewayPort: port } = gateway;
    const req = request({
      host: "127.0.0.1",
      port,
      path: "/download",
      headers: { "x-api-key": key },
      agent: false,
    }).end();
    const [res] = await once(req, "response");
    expect(digestOf(Buffer.concat(await res.toArray()))).toBe(digestOf(large));
    expect(res.headers).toMatchObject({ "content-length": String(large.length), "x-ratelimit-limit": "60" });
    expect(await rowsOf("/download")).toMatchObject([{ status: 200, response_bytes: String(large.length) }]);
  });
});

describe("streams", () => {
  it("an event is there before the stream ends, and the stream is recorded when it has", async () => {
    const client = await openRawClient(gateway.gatewayPort, head("GET /events HTTP/1.1"));
    expect(await client.until(/data: first/)).not.toContain("data: last");
    expect(await rowsOf("/events")).toEqual([]);
    releaseStream();
    await client.until(/data: last/);
    client.socket.destroy();
    expect(await rowsOf("/events")).toMatchObject([{ status: 200 }]);
  });

  it("a client that leaves takes the upstream's call with it, recorded once", async () => {
    const client = await openRawClient(gateway.gatewayPort, head("GET /events HTTP/1.1", "X-Request-Id: left-early"));
    await client.until(/data: first/);
    client.socket.destroy();
    await streamClosed;
    await runtime().usage.shipped(2_000);
    const rows = await sql("SELECT status, trace FROM usage_events WHERE request_id = 'left-early'");
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.trace)).toMatch(/,1311,13$/);
  });

  it("a client that leaves before the answer begins is a 499", async () => {
    const arrived = upstream.requests.length;
    answers["/silent"] = (_req, res) => {
      streamClosed = once(res, "close");
    };
    const client = await openRawClient(gateway.gatewayPort, head("GET /silent HTTP/1.1"));
    while (upstream.requests.length === arrived) await sleep(5);
    client.socket.resetAndDestroy();
    await streamClosed;
    expect(await rowsOf("/silent")).toMatchObject([{ status: 499, attempts: 1, response_bytes: "0" }]);
  });

  it("trailers arrive, but none that would speak of the message", async () => {
    const client = await openRawClient(gateway.gatewayPort, head("GET /trailers HTTP/1.1", "Connection: close"));
    const text = await client.closed();
    expect(text).toMatch(/\r\n0\r\nX-Checksum: abc\r\n\r\n$/);
    expect(text).not.toContain("evil.test");
  });
});

describe("answers without a body", () => {
  it.each([
    ["GET /nothing", 204, {}],
    ["GET /unchanged", 304, { etag: '"1"' }],
    ["HEAD /text", 200, { "content-length": "6" }],
  ])("%s: the head, our limits, nothing else, and the connection goes on", async (what, status, headers) => {
    const [method = "", path = ""] = what.split(" ");
    const client = await openRawClient(gateway.gatewayPort, head(`${method} ${path} HTTP/1.1`));
    const first = await client.until(/\r\n\r\n/);
    expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*X-RateLimit-Limit: 60[\\s\\S]*\\r\\n\\r\\n$`));
    for (const [name, value] of Object.entries(headers)) expect(first.toLowerCase()).toContain(`${name}: ${value}`);
    client.send(head("GET /text HTTP/1.1", "Connection: close"));
    expect((await client.closed()).slice(first.length)).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\na text$/);
    expect(await rowsOf(path)).toMatchObject(path === "/text" ? [{}, {}, {}, { method: "GET" }] : [{ status }]);
  });
});

describe("Expect: 100-continue", () => {
  const expectation = ["Expect: 100-continue", "Content-Length: 6"];

  it("is answered once nothing speaks against the call, and not passed on", async () => {
    const client = await openRawClient(gateway.gatewayPort, head("POST /upload HTTP/1.1", ...expectation));
    expect(await client.until(/\r\n\r\n/)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    expect(upstream.requests.at(-1)?.header("expect")).toEqual([]);
    client.send("a text");
    expect(await client.until(/[0-9a-f]{64}/)).toContain(digestOf(Buffer.from("a text")));
    client.socket.destroy();
  });

  it("is refused without 100, the body unsent and no upstream called", async () => {
    const before = upstream.requests.length;
    const message = head("POST /upload HTTP/1.1", ...expectation).replace(key, "wrong");
    const text = await (await openRawClient(gateway.gatewayPort, message)).closed();
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(upstream.requests.length).toBe(before);
  });
});

describe("WebSocket", () => {
  const open = (headers: Record<string, string>) =>
    new WebSocket(`ws://127.0.0.1:${gateway.gatewayPort}/ws`, { headers });

  it("echoes through the gateway for a key, and is one call in the end", async () => {
    const socket = open({ "x-api-key": key, "x-request-id": "a-socket" });
    await once(socket, "open");
    for (const message of ["hello", randomBytes(200_000).toString("hex")]) {
      socket.send(message);
      const [data] = await once(socket, "message");
      expect(String(data) === message).toBe(true);
    }
    socket.close();
    await once(socket, "close");
    await sleep(50);
    await runtime().usage.shipped(2_000);
    const rows = await sql("SELECT status, method, endpoint, trace FROM usage_events WHERE request_id = 'a-socket'");
    expect(rows).toMatchObject([{ status: 101, method: "GET", endpoint: "/ws" }]);
    expect(rows[0]?.trace).toContain(1300);
  });

  it("401 at the handshake without one", async () => {
    const socket = open({ "x-request-id": "no-socket" });
    const [, res] = await once(socket, "unexpected-response");
    expect(res.statusCode).toBe(401);
    expect(sockets.clients.size).toBe(0);
    await runtime().usage.shipped(2_000);
    expect(await sql("SELECT status FROM usage_events WHERE request_id = 'no-socket'")).toMatchObject([
      { status: 401 },
    ]);
  });

  it("the upstream's own refusal is passed on, and its record speaks of no WebSocket", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.gatewayPort}/none`, {
      headers: { "x-api-key": key, "x-request-id": "upstream-refused" },
    });
    const [, res] = await once(socket, "unexpected-response");
    expect(res.statusCode).toBe(404);
    await runtime().usage.shipped(2_000);
    const rows = await sql("SELECT status, trace FROM usage_events WHERE request_id = 'upstream-refused'");
    expect(rows).toMatchObject([{ status: 404 }]);
    expect(rows[0]?.trace).not.toContain(1300);
  });

  it("429 at the handshake: it counts as one call", async () => {
    const { one } = gateway.world;
    const limits = [{ algorithm: "sliding_window" as const, limit: 1, window_seconds: 60 }];
    const few = await issueKey(one.tenantId, one.customer, { limits });
    const first = open({ "x-api-key": few.key });
    await once(first, "open");
    const [, res] = await once(open({ "x-api-key": few.key }), "unexpected-response");
    expect([res.statusCode, res.headers["x-ratelimit-remaining"]]).toEqual([429, "0"]);
    first.terminate();
  });
});
