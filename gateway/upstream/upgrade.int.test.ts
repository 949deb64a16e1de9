import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type WebSocket as Peer, WebSocketServer } from "ws";
import { forwarder, opening, rawUpstream, upstream } from "#test/forwarder-fixtures";
import { openRawClient } from "#test/raw-client";
import { onRequestHead, startUpstream } from "#test/upstream";

const handshake = "GET /chat?room=1 HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const accepted = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-From: up\r\n\r\n";

/** A WebSocket server that echoes. */
async function startEcho() {
  const requests: IncomingMessage[] = [];
  const peers: Peer[] = [];
  const http = createServer();
  const server = new WebSocketServer({ server: http, handleProtocols: (offered) => [...offered].at(-1) ?? false });
  server.on("connection", (peer, req) => {
    requests.push(req);
    peers.push(peer);
    peer.on("message", (data, isBinary) => peer.send(data, { binary: isBinary }));
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const { port } = http.address() as AddressInfo;
  const close = async () => {
    for (const peer of peers) peer.terminate();
    http.close();
  };
  return { url: `http://127.0.0.1:${port}`, requests, peers, close };
}

describe("a WebSocket", () => {
  it("speaks with the upstream, both ways, until one of them closes", async () => {
    const to = await opening(startEcho());
    const { url, ended, heads, outcomes, upstream: kept } = await forwarder({ baseUrl: `${to.url}/base` });
    const socket = new WebSocket(`${url.replace("http", "ws")}/chat?room=1`, ["v1", "v2"]);
    await once(socket, "open");
    expect(socket.protocol).toBe("v2");
    expect(to.requests[0]?.url).toBe("/base/chat?room=1");
    for (const text of ["hello", "x".repeat(1_000_000)]) {
      socket.send(text);
      const [{ data }] = await once(socket, "message");
      expect(data === text).toBe(true);
    }
    expect(kept.next()?.inFlight).toBe(1);
    expect(outcomes).toEqual([]);
    socket.close(4001, "enough");
    const [{ code }] = await once(socket, "close");
    expect(code).toBe(4001);
    const outcome = await ended();
    expect(outcome).toMatchObject({ kind: "answered", status: 101, error: null, attempts: 1 });
    expect(outcome.requestBytes).toBeGreaterThan(1_000_000);
    expect(outcome.responseBytes).toBeGreaterThan(1_000_000);
    expect(heads[0]?.headers).not.toContain("Upgrade");
    await sleep(20);
    expect(outcomes).toHaveLength(1);
    expect(kept.next()?.inFlight).toBe(0);
  });

  it("hears when the upstream closes it", async () => {
    const to = await opening(startEcho());
    const { url, ended } = await forwarder({ baseUrl: to.url });
    const socket = new WebSocket(url.replace("http", "ws"));
    await once(socket, "open");
    to.peers[0]?.close(4002);
    const [{ code }] = await once(socket, "close");
    expect(code).toBe(4002);
    expect(await ended()).toMatchObject({ kind: "answered", status: 101 });
  });

  it("loses nothing that came with the handshake", async () => {
    const to = await rawUpstream((socket) => {
      socket.once("data", (chunk) => {
        socket.write(`${accepted}early`);
        if (String(chunk).endsWith("eager")) socket.write("seen");
        else socket.once("data", (more) => socket.write(String(more) === "eager" ? "seen" : "lost"));
      });
    });
    const { port } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, `${handshake}eager`);
    expect(await client.until(/seen$/)).toMatch(/^HTTP\/1\.1 101 [\s\S]*X-From: up[\s\S]*\r\n\r\nearlyseen$/);
  });

  it("ends each direction by itself", async () => {
    let heard = "";
    const to = await rawUpstream(
      (socket) => {
        socket.once("data", () => {
          socket.write(accepted);
          socket.on("data", (chunk) => {
            heard += chunk;
          });
          socket.on("end", () => setTimeout(() => socket.end("last words"), 30));
        });
      },
      { allowHalfOpen: true },
    );
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, handshake);
    await client.until(/X-From/);
    client.socket.end("bye");
    expect(await client.closed()).toMatch(/last words$/);
    expect(heard).toBe("bye");
    expect(await ended()).toMatchObject({ kind: "answered", requestBytes: 3, responseBytes: 10 });
  });

  it("takes the upstream's connection with it when the client leaves", async () => {
    const to = await opening(startEcho());
    const { port, ended, outcomes } = await forwarder({ baseUrl: to.url });
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    const client = await openRawClient(port, handshake.replace(/\r\n$/, key));
    await client.until(/101/);
    const closed = once(to.peers[0] as Peer, "close");
    client.socket.resetAndDestroy();
    await closed;
    expect(await ended()).toMatchObject({ kind: "client_left", status: 101 });
    await sleep(20);
    expect(outcomes).toHaveLength(1);
  });

  it("breaks when the upstream does", async () => {
    const to = await rawUpstream((socket) => {
      socket.once("data", () => {
        socket.write(accepted);
        setTimeout(() => socket.resetAndDestroy(), 30);
      });
    });
    const { port, ended } = await forwarder({ baseUrl: to.url });
    await (await openRawClient(port, handshake)).closed();
    expect(await ended()).toMatchObject({ kind: "broke", status: 101, error: { code: "UPSTREAM_ERROR" } });
  });
});

describe("a handshake", () => {
  it("that is refused gets the upstream's answer, and the connection closes", async () => {
    const to = await upstream();
    const refusing = await rawUpstream((socket) =>
      onRequestHead(socket, () => socket.write("HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 2\r\n\r\nno")),
    );
    const first = await forwarder({ baseUrl: refusing.url });
    const text = await (await openRawClient(first.port, handshake)).closed();
    expect(text).toMatch(
      /^HTTP\/1\.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 2\r\n[\s\S]*Connection: close[\s\S]*\r\n\r\nno$/,
    );
    expect(await first.ended()).toMatchObject({ kind: "answered", status: 403, responseBytes: 2 });
    const second = await forwarder({ baseUrl: to.url }); // knows no WebSockets at all: answers as if nobody had asked
    expect(await (await openRawClient(second.port, handshake)).closed()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*ok/);
  });

  it("fails as a request does", async () => {
    const { url, close } = await startUpstream();
    await close();
    const dead = await forwarder({ baseUrl: url });
    expect(await (await openRawClient(dead.port, handshake)).closed()).toMatch(/^HTTP\/1\.1 503/);
    expect(await dead.ended()).toMatchObject({ kind: "failed", attempts: 2, error: { code: "UPSTREAM_UNAVAILABLE" } });

    const silent = await rawUpstream(() => {});
    const slow = await forwarder({ baseUrl: silent.url, responseTimeoutMs: 100 });
    expect(await (await openRawClient(slow.port, handshake)).closed()).toMatch(/^HTTP\/1\.1 504/);
    expect(slow.upstream.next()?.inFlight).toBe(0);

    const rude = await rawUpstream((socket) => onRequestHead(socket, () => socket.end("what?\r\n\r\n")));
    const broken = await forwarder({ baseUrl: rude.url });
    expect(await (await openRawClient(broken.port, handshake)).closed()).toMatch(/^HTTP\/1\.1 502/);
  });

  it("is given up when the client leaves", async () => {
    const to = await rawUpstream((socket) => void socket.resume());
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, handshake);
    while (to.openSockets.size < 1) await sleep(2);
    client.socket.destroy();
    expect(await ended()).toMatchObject({ kind: "client_left", status: 499 });
    while (to.openSockets.size > 0) await sleep(2);
  });
});
