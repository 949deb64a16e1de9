import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { forwarder, rawUpstream, upstream } from "#test/forwarder-fixtures";
import { openRawClient } from "#test/raw-client";
import { onRequestHead } from "#test/upstream";

const mebibyte = 1024 * 1024;
const large = randomBytes(50 * mebibyte);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const largeSum = sha256(large);

function* pieces(bytes: Buffer, size = 100_000): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Sends `pieces` with these headers and resolves with the status and body of the answer. */
async function send(url: string, headers: Record<string, string>, body: Iterable<Buffer>) {
  const req = request(url, { method: "POST", headers });
  const answered = new Promise<{ status: number | undefined; body: Buffer }>((resolve, reject) => {
    req.on("error", reject).on("response", (res) => {
      res.toArray().then((chunks) => resolve({ status: res.statusCode, body: Buffer.concat(chunks) }), reject);
    });
  });
  await pipeline(body, req);
  return answered;
}

describe("a request's body", () => {
  it.each([
    ["of a stated length", { "content-length": String(large.length) }],
    ["in chunks", { "transfer-encoding": "chunked" }],
  ])("%s arrives byte for byte, framed as the client framed it", async (_name, headers) => {
    let sum = "";
    const to = await upstream((req, res) => {
      const hash = createHash("sha256");
      req
        .on("data", (chunk) => hash.update(chunk))
        .on("end", () => {
          sum = hash.digest("hex");
          res.end();
        });
    });
    const { url, ended } = await forwarder({ baseUrl: to.url });
    await send(url, headers, pieces(large));
    expect(sum).toBe(largeSum);
    expect(await ended()).toMatchObject({ kind: "answered", requestBytes: large.length });
    const [name, value] = Object.entries(headers)[0] ?? [];
    expect(to.requests[0]?.header(name ?? "")).toEqual([value]);
  });

  it.each([
    ["POST", 1],
    ["POST", 16 * 1024],
    ["PUT", 16 * 1024 + 1],
    ["DELETE", 10],
    ["GET", 10],
  ])("of a %s of %i bytes keeps its length", async (method, length) => {
    let arrived = 0;
    const to = await upstream((req, res) =>
      req
        .on("data", ({ length }) => {
          arrived += length;
        })
        .on("end", () => res.end("ok")),
    );
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, `${method} / HTTP/1.1\r\nHost: g\r\nContent-Length: ${length}\r\n\r\n`);
    await sleep(10);
    client.send("x".repeat(length));
    await client.until(/ok$/);
    expect(arrived).toBe(length);
    expect(to.requests[0]?.header("content-length")).toEqual([String(length)]);
    expect(to.requests[0]?.header("transfer-encoding")).toEqual([]);
    expect(await ended()).toMatchObject({ requestBytes: length });
  });

  it("of no bytes is still announced", async () => {
    const to = await upstream();
    const { port } = await forwarder({ baseUrl: to.url });
    await (await openRawClient(port, "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n")).until(/ok/);
    expect(to.requests[0]?.header("content-length")).toEqual(["0"]);
  });

  it("arrives while it is being sent", async () => {
    const seen: string[] = [];
    const to = await upstream((req, res) =>
      req.on("data", (chunk) => seen.push(String(chunk))).on("end", () => res.end("ok")),
    );
    const { port } = await forwarder({ baseUrl: to.url, responseTimeoutMs: 100 });
    const client = await openRawClient(
      port,
      "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
    );
    while (seen.length < 1) await sleep(5);
    await sleep(300); // a slow client is not a slow upstream
    client.send("3\r\ntwo\r\n0\r\n\r\n");
    await client.until(/ok/);
    expect(seen).toEqual(["one", "two"]);
  });

  it("may be cut short by an early answer, which arrives", async () => {
    const to = await upstream((_req, res) => {
      res.writeHead(413, { connection: "close" });
      res.end("too much");
    });
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 1000000\r\n\r\n");
    client.send("x".repeat(100_000));
    await client.until(/413[\s\S]*too much/);
    client.send("x".repeat(900_000));
    client.send("GET /next HTTP/1.1\r\nHost: g\r\n\r\n");
    await client.until(/413[\s\S]*too much[\s\S]*413[\s\S]*too much/);
    expect(await ended()).toMatchObject({ kind: "answered", status: 413 });
    expect(to.requests.map(({ url }) => url)).toEqual(["/", "/next"]);
  });
});

describe("an answer's body", () => {
  it.each([
    ["of a stated length", { "content-length": String(large.length) }],
    ["in chunks", { "transfer-encoding": "chunked" }],
  ])("%s arrives byte for byte", async (_name, headers) => {
    const to = await upstream((_req, res) => {
      res.writeHead(200, headers);
      void pipeline(pieces(large), res);
    });
    const { url, ended } = await forwarder({ baseUrl: to.url });
    const answer = await fetch(url);
    expect(sha256(await answer.bytes())).toBe(largeSum);
    expect(answer.headers.get("content-length")).toBe("content-length" in headers ? String(large.length) : null);
    expect(await ended()).toMatchObject({ kind: "answered", responseBytes: large.length });
  });

  it("waits in the upstream while the client does not read", async () => {
    let sent = 0;
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${200 * mebibyte}\r\n\r\n`);
        const more = () => {
          while (sent < 200 && socket.writable) {
            sent += 1;
            if (!socket.write(Buffer.alloc(mebibyte))) return;
          }
        };
        socket.on("drain", more);
        more();
      }),
    );
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port);
    client.socket.pause();
    const externalBefore = process.memoryUsage().external;
    client.send("GET / HTTP/1.1\r\nHost: g\r\n\r\n");
    await sleep(500);
    const stalledAt = sent;
    expect(stalledAt).toBeLessThan(40); // what the sockets' own buffers take
    expect(process.memoryUsage().external - externalBefore).toBeLessThan(60 * mebibyte);
    let received = 0;
    client.socket.removeAllListeners("data").on("data", ({ length }) => {
      received += length;
    });
    client.socket.resume();
    expect(await ended()).toMatchObject({ kind: "answered", responseBytes: 200 * mebibyte });
    while (received < 200 * mebibyte) await sleep(5);
  });

  it("of a request waits in the client while the upstream does not read", async () => {
    const to = await rawUpstream((socket) => socket.pause());
    const { port, ended } = await forwarder({ baseUrl: to.url, responseTimeoutMs: 800 });
    const client = await openRawClient(port, `POST / HTTP/1.1\r\nHost: g\r\nContent-Length: ${200 * mebibyte}\r\n\r\n`);
    let sent = 0;
    while (sent < 200 && client.socket.write(Buffer.alloc(mebibyte))) sent += 1;
    const more = () => {
      while (sent++ < 200) if (!client.socket.write(Buffer.alloc(mebibyte))) return;
    };
    client.socket.on("drain", more);
    await sleep(500);
    expect(sent).toBeLessThan(40);
    expect(await ended()).toMatchObject({ kind: "failed", status: 504 }); // it does not even take the request
    client.socket.destroy();
  });
});
