import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { forwarder, rawUpstream, upstream } from "#test/forwarder-fixtures";
import { openRawClient } from "#test/raw-client";
import { onRequestHead } from "#test/upstream";

/** An upstream that answers every request with these bytes. */
const answering = (text: string) => rawUpstream((socket) => onRequestHead(socket, () => socket.write(text, "latin1")));

const get = (path = "/", more = "") => `GET ${path} HTTP/1.1\r\nHost: gateway.test\r\n${more}\r\n`;

describe("a request", () => {
  it("reaches the upstream with its method, path, headers and the target's host", async () => {
    const to = await upstream();
    const { port, ended } = await forwarder({ baseUrl: `${to.url}/base/` });
    const client = await openRawClient(port, get("/a%20b?q=%2F&q", "X-Odd-Case: 1\r\nx-odd-case: 2\r\n"));
    await client.until(/ok/);
    const [request] = to.requests;
    expect(request).toMatchObject({ method: "GET", url: "/base/a%20b?q=%2F&q" });
    expect(request?.header("host")).toEqual([`127.0.0.1:${to.port}`]);
    expect(request?.header("x-odd-case")).toEqual(["1", "2"]);
    expect(request?.rawHeaders).toContain("X-Odd-Case");
    expect(await ended()).toMatchObject({ kind: "answered", status: 200, error: null, attempts: 1, target: to.url });
  });

  it.each(["GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "PURGE"])(
    "of %s without a body brings none",
    async (method) => {
      const to = await upstream();
      const { port, ended } = await forwarder({ baseUrl: to.url });
      await openRawClient(port, `${method} / HTTP/1.1\r\nHost: gateway.test\r\n\r\n`);
      expect(await ended()).toMatchObject({ kind: "answered", requestBytes: 0 });
      const [request] = to.requests;
      expect(request?.method).toBe(method);
      expect(request?.header("transfer-encoding")).toEqual([]);
      expect(await request?.body).toHaveLength(0);
    },
  );

  it("never asks the upstream to wait for a body", async () => {
    const to = await upstream((req, res) => req.resume().on("end", () => res.end("ok")));
    const { port } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(
      port,
      "POST / HTTP/1.1\r\nHost: g\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
    );
    await client.until(/100 Continue/);
    client.send("hi");
    await client.until(/ok/);
    expect(to.requests[0]?.header("expect")).toEqual([]);
  });

  it("goes to the targets in turn, and to the base URL only if there are none", async () => {
    const [one, two, base] = [await upstream(), await upstream(), await upstream()];
    const targets = [one, two].map(({ url }, at) => ({
      id: `tgt_${at}`,
      name: `t${at}`,
      url,
      weight: 1,
      maxConnections: null,
    }));
    const { url, outcomes } = await forwarder({ baseUrl: base.url, targets });
    for (let call = 0; call < 4; call++) await (await fetch(url)).text();
    expect(outcomes.map(({ target }) => target)).toEqual(["t0", "t1", "t0", "t1"]);
    expect([one, two, base].map(({ requests }) => requests.length)).toEqual([2, 2, 0]);
  });
});

describe("an answer", () => {
  it("arrives with spelling, order and repetition of its headers, without those of the connection", async () => {
    const head = "X-Odd-CASE: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nConnection: X-Hop\r\nX-Hop: 1\r\n";
    const to = await answering(`HTTP/1.1 201 Very Odd\r\n${head}Keep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok`);
    const { port, heads } = await forwarder({ baseUrl: to.url });
    const text = await (await openRawClient(port, get())).until(/ok$/);
    expect(text).toMatch(
      /^HTTP\/1\.1 201 Created\r\nX-Odd-CASE: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 2\r\n/,
    );
    expect(text).not.toMatch(/X-Hop/i);
    expect(heads).toEqual([
      { status: 201, headers: ["X-Odd-CASE", "1", "Set-Cookie", "a=1", "set-cookie", "b=2", "Content-Length", "2"] },
    ]);
  });

  it("leaves in one piece when it came in one", async () => {
    const to = await answering(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${"x".repeat(1000)}`);
    const { port } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get());
    await client.until(/x{1000}/);
    expect(client.pieces).toHaveLength(1);
  });

  it("is complete for the client only when it is recorded", async () => {
    const to = await answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let record: (() => void) | undefined;
    const { port } = await forwarder({
      baseUrl: to.url,
      onEnded: () =>
        new Promise<void>((resolve) => {
          record = resolve;
        }),
    });
    const client = await openRawClient(port, get());
    while (!record) await sleep(5);
    await sleep(30);
    expect(client.text()).toBe("");
    record();
    await client.until(/ok$/);
  });

  it("in chunks flows at once, and only its end waits", async () => {
    const to = await answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
    let record: (() => void) | undefined;
    const { port } = await forwarder({
      baseUrl: to.url,
      onEnded: () =>
        new Promise<void>((resolve) => {
          record = resolve;
        }),
    });
    const client = await openRawClient(port, get());
    await client.until(/2\r\nok\r\n$/);
    record?.();
    await client.until(/0\r\n\r\n$/);
  });

  it("shows its head before its body", async () => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")),
    );
    const { port } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get());
    await client.until(/Content-Length: 5/);
    for (const socket of to.openSockets) socket.write("hel");
    await client.until(/hel$/);
    for (const socket of to.openSockets) socket.write("lo");
    await client.until(/hello$/);
  });

  it.each([204, 304])("of %i has no body", async (status) => {
    const to = await answering(`HTTP/1.1 ${status} X\r\nETag: "1"\r\n\r\n`);
    const { port, ended } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, get());
    const text = await client.until(/\r\n\r\n$/);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*ETag: "1"`));
    expect(text).not.toMatch(/transfer-encoding|content-length/i);
    client.send(get());
    await client.until(/ETag[\s\S]*ETag[\s\S]*\r\n\r\n$/);
    expect(await ended()).toMatchObject({ kind: "answered", status, responseBytes: 0 });
  });

  it("to HEAD keeps the length of the body it does not bring", async () => {
    const to = await answering("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
    const { port } = await forwarder({ baseUrl: to.url });
    const client = await openRawClient(port, "HEAD / HTTP/1.1\r\nHost: g\r\n\r\n");
    expect(await client.until(/\r\n\r\n$/)).toMatch(/Content-Length: 12345/);
  });

  it("that ends with its connection becomes a chunked one", async () => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => socket.end("HTTP/1.1 200 OK\r\n\r\nall of it")),
    );
    const { port } = await forwarder({ baseUrl: to.url });
    expect(await (await openRawClient(port, get())).until(/0\r\n\r\n$/)).toMatch(/9\r\nall of it\r\n0/);
  });

  it("passes its trailers on", async () => {
    const body = "2\r\nok\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\nSet-Cookie: a=1\r\n\r\n";
    const to = await answering(`HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
    const { port } = await forwarder({ baseUrl: to.url });
    const text = await (await openRawClient(port, get())).until(/0\r\n[\s\S]*\r\n\r\n$/);
    expect(text).toMatch(/Trailer: X-Sum\r\n/);
    expect(text).toMatch(/0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n$/);
    const old = await openRawClient(port, "GET / HTTP/1.0\r\n\r\n");
    expect(await old.closed()).toMatch(/\r\n\r\nok$/);
  });

  it("hides interim answers", async () => {
    const to = await answering(
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    const { port } = await forwarder({ baseUrl: to.url });
    expect(await (await openRawClient(port, get())).until(/ok$/)).toMatch(/^HTTP\/1\.1 200/);
  });

  it("of events arrives event by event", async () => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () =>
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"),
      ),
    );
    const { port, outcomes, ended } = await forwarder({ baseUrl: to.url, responseTimeoutMs: 100 });
    const client = await openRawClient(port, get());
    await client.until(/event-stream/);
    await sleep(250); // longer than the first byte may take: a stream may be silent
    for (const socket of to.openSockets) socket.write("9\r\ndata: 1\n\n\r\n");
    await client.until(/data: 1/);
    expect(outcomes).toEqual([]);
    client.socket.destroy();
    expect(await ended()).toMatchObject({ kind: "client_left", status: 200, responseBytes: 9 });
  });
});
