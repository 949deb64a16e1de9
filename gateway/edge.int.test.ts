import { EventEmitter, once } from "node:events";
import { Agent, get, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEdge, type Edge, type EdgeOptions } from "#gateway/edge";
import type { Gateway } from "#gateway/serve";

let edge: Edge;
let port: number;
let arrived: IncomingMessage[];
let logged: object[];

/** Stands in for Next: answers with what arrived. */
async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  arrived.push(req);
  let bytes = 0;
  for await (const chunk of req) bytes += (chunk as Buffer).length;
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, bytes }));
}

async function start(options: Partial<Extract<EdgeOptions, { surface: "portal" }>> = {}): Promise<void> {
  edge = createEdge({
    surface: "portal",
    next: echo,
    publicUrl: "http://portal.example",
    readiness: async () => ({ ready: true, checks: { database: "ok" } }),
    build: { version: "1.2.3", started_at: "2026-11-20T12:00:00.000Z" },
    trustedProxies: [],
    logger: { error: (fields) => logged.push(fields) },
    now: () => new Date("2026-11-20T12:00:00Z"),
    ...options,
  });
  port = await edge.listen(0, "127.0.0.1");
}

beforeEach(async () => {
  arrived = [];
  logged = [];
  await start();
});
afterEach(() => edge.drain(0));

/** Writes bytes as they are and reads until the server closes, or nothing more comes. */
async function raw(message: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  socket.on("error", () => {});
  socket.write(Buffer.from(message, "latin1"));
  await Promise.race([once(socket, "close"), sleep(1_000)]);
  socket.destroy();
  return answer;
}

interface Parsed {
  status: number;
  headers: Record<string, string>;
  text: string;
  json: Record<string, unknown>;
}

function parse(answer: string): Parsed {
  const [head = "", text = ""] = answer.split(/\r\n\r\n(.*)/s);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(":")[0]?.toLowerCase(), line.replace(/^[^:]+: ?/, "")]),
  );
  const isJson = headers["content-type"]?.includes("json") || text.startsWith("{");
  return { status: Number(statusLine.split(" ")[1]), headers, text, json: isJson ? JSON.parse(text) : {} };
}

async function send(requestLine: string, headers: readonly string[] = []): Promise<Parsed> {
  return parse(await raw([requestLine, "Host: portal.example", "Connection: close", ...headers, "", ""].join("\r\n")));
}

function expectProblem(answer: Parsed, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(answer.text)));
  expect(answer.json).toMatchObject({
    status,
    error_code: code,
    type: `/docs/errors/${code}`,
    timestamp: expect.any(String),
  });
  const members = "detail error_code instance path request_id status timestamp title type";
  expect(Object.keys(answer.json).sort().join(" ")).toBe(members);
  expect(answer.json.request_id).toBe(answer.headers["x-request-id"]);
}

describe("what arrives behind the edge", () => {
  it("is canonical in path and free of forged headers", async () => {
    const { json } = await send("GET /api/management/keys/?limit=2 HTTP/1.1", [
      "X-Forwarded-For: 127.0.0.2",
      "X-Middleware-Subrequest: middleware:middleware:middleware:middleware:middleware",
      "x_forwarded_host: evil.example",
      "X-Forwarded-Host: evil.example",
      "X-Api-Key: ak_1",
    ]);
    expect(json.url).toBe("/api/v1/api-management/keys?limit=2");
    expect(json.headers).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "portal.example",
      "x-portico-sent-path": "/api/management/keys/",
      "x-api-key": "ak_1",
    });
    expect(JSON.stringify([json, arrived[0]?.rawHeaders])).not.toMatch(/subrequest|evil|127\.0\.0\.2/);
  });

  it("keeps the body of a POST with a trailing slash", async () => {
    const body = JSON.stringify({ name: "x" });
    const answer = parse(
      await raw(
        `POST /api/v1/api-management/keys/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    expect(answer.json).toMatchObject({ method: "POST", url: "/api/v1/api-management/keys", bytes: body.length });
  });

  it("a chunked GET is one request", async () => {
    const answer = await raw(
      "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    expect(arrived.map(({ url }) => url)).toEqual(["/a", "/b"]);
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it("nothing pipelined behind Connection: close is processed", async () => {
    await raw("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nDELETE /b HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(arrived.map(({ url }) => url)).toEqual(["/a"]);
  });

  it("an h2c upgrade is an ordinary request", async () => {
    const answer = await send("GET /a HTTP/1.1", [
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AA",
    ]);
    expect(answer.status).toBe(200);
  });
});

describe("the request id", () => {
  it("of the client is kept, passed on and answered", async () => {
    const { headers, json } = await send("GET /a HTTP/1.1", ["X-Request-Id: trace-1.a_b"]);
    expect(headers["x-request-id"]).toBe("trace-1.a_b");
    expect(json.headers).toMatchObject({ "x-request-id": "trace-1.a_b" });
  });

  it("is made up where the client sent none or a bad one, on refusals too", async () => {
    for (const line of [
      "GET /a HTTP/1.1",
      "GET /%zz HTTP/1.1",
      "TRACE / HTTP/1.1",
      "GET /healthz HTTP/1.1",
      "rubbish",
    ]) {
      const { headers } = await send(line, ["X-Request-Id: a b"]);
      expect(headers["x-request-id"]).toMatch(/^req_[0-9A-Za-z]{22}$/);
    }
  });
});

describe("400: what is not a request for one path", () => {
  it.each([
    "/%zz",
    "//evil.example",
    "/a%2fb",
    "/a%00",
    "/../x",
    "/%2e%2e/x",
    "/.%2e/x",
    "/a\\b",
    "http://evil.example/",
  ])("%s", async (target) => {
    const answer = await send(`GET ${target} HTTP/1.1`);
    expectProblem(answer, 400, "BAD_REQUEST");
    expect(answer.json.path).toBe(target);
    expect(arrived).toEqual([]);
  });
});

describe("400: messages whose end or receiver is in doubt, and the connection is closed", () => {
  const chunked = (chunks: string) => `POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`;
  const withHeader = (header: string) => `POST /a HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n0\r\n\r\n`;
  const cases: Record<string, string> = {
    "two Hosts": withHeader("Host: b"),
    "no Host": "GET /a HTTP/1.1\r\n\r\n",
    "Content-Length and Transfer-Encoding": withHeader("Content-Length: 5\r\nTransfer-Encoding: chunked"),
    "Transfer-Encoding and Content-Length": withHeader("Transfer-Encoding: chunked\r\nContent-Length: 5"),
    "two equal lengths": withHeader("Content-Length: 5\r\nContent-Length: 5"),
    "two lengths": withHeader("Content-Length: 5\r\nContent-Length: 6"),
    ...Object.fromEntries(
      [
        "chunked, identity",
        "identity, chunked",
        "xchunked",
        "chunked\x0b",
        "identity",
        "",
        "chunked\r\nTransfer-Encoding: chunked",
      ].map((coding) => [`Transfer-Encoding ${JSON.stringify(coding)}`, withHeader(`Transfer-Encoding: ${coding}`)]),
    ),
    "space before the colon": withHeader("Transfer-Encoding : chunked"),
    "underscored coding": withHeader("transfer_encoding: chunked"),
    ...Object.fromEntries(
      ["+5", "-1", "0x5", "5,5", "5 5", "18446744073709551616", "9007199254740993", ""].map((length) => [
        `Content-Length ${JSON.stringify(length)}`,
        withHeader(`Content-Length: ${length}`),
      ]),
    ),
    ...Object.fromEntries(
      [
        "0_2e\r\n",
        "0x5\r\n",
        "+5\r\n",
        " 5\r\n",
        "5 ;\r\n",
        "10000000000000000\r\n",
        "5\nhello",
        "5;a\nb\r\n",
        "5\rhello",
        "5\r\nhello0\r\n",
      ].map((chunks) => [`chunk ${JSON.stringify(chunks)}`, chunked(chunks)]),
    ),
    "bare LF": "GET /a HTTP/1.1\nHost: a\n\n",
    "CR CR LF": "GET /a HTTP/1.1\r\r\nHost: a\r\n\r\n",
    "a first header that begins with a space": "GET /a HTTP/1.1\r\n Host: a\r\n\r\n",
    "a folded header": withHeader("X: a\r\n b"),
    "NUL in a header": withHeader("X: a\0b"),
    "CR in a header": withHeader("X: a\rb"),
    "a header name beyond ASCII": withHeader("X\xe9: a"),
    "HTTP/1.32": "GET /a HTTP/1.32\r\nHost: a\r\n\r\n",
    "HTTP/0.9": "GET /a\r\n\r\n",
    "HTTP/2.0": "GET /a HTTP/2.0\r\nHost: a\r\n\r\n",
    "the HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a method that is no token": 'G=":<> /a HTTP/1.1\r\nHost: a\r\n\r\n',
    "a TLS greeting": "\x16\x03\x01\x02\x00\x01",
    "bytes beyond ASCII in the path": "GET /caf\xe9 HTTP/1.1\r\nHost: a\r\n\r\n",
    "another Expect": withHeader("Expect: 200-ok\r\nConnection: close"),
  };

  it.each(Object.entries(cases))("%s", async (_, message) => {
    const answer = parse(await raw(`${message}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`));
    expectProblem(answer, 400, "BAD_REQUEST");
    expect(answer.headers.connection).toBe("close");
    expect(arrived.map(({ url }) => url)).not.toContain("/smuggled");
  });
});

describe("other refusals of the server as a whole", () => {
  it.each(["TRACE", "PROPFIND", "FOO", "get"])("405: %s", async (method) => {
    const answer = await send(`${method} /a HTTP/1.1`);
    expectProblem(answer, 405, "METHOD_NOT_ALLOWED");
    expect(answer.headers.allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  });

  it("405: CONNECT opens no tunnel", async () => {
    expectProblem(await send("CONNECT evil.example:443 HTTP/1.1"), 405, "METHOD_NOT_ALLOWED");
  });

  it.each([
    ["a long header", "GET /a?q=1 HTTP/1.1", [`X: ${"x".repeat(17_000)}`], "/a"],
    ["many headers", "GET /a HTTP/1.1", Array.from({ length: 4_000 }, (_, at) => `X${at}: x`), "/a"],
    ["a long path", `GET /${"a".repeat(17_000)} HTTP/1.1`, [], undefined],
  ])("431: %s", async (_, line, headers, path) => {
    const answer = await send(line, headers);
    expectProblem(answer, 431, "HEADERS_TOO_LARGE");
    if (path) expect(answer.json.path).toBe(path);
  });

  it("204: OPTIONS * names the methods", async () => {
    const answer = await send("OPTIONS * HTTP/1.1");
    expect([answer.status, answer.headers.allow]).toEqual([204, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"]);
  });
});

describe("a body announced with Expect: 100-continue", () => {
  it("is asked for when the request is admitted", async () => {
    const answer = await raw(
      "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(answer).toContain('"bytes":5');
  });

  it("is not asked for when it is refused", async () => {
    expectProblem(await send("POST /%zz HTTP/1.1", ["Expect: 100-continue", "Content-Length: 5"]), 400, "BAD_REQUEST");
  });
});

describe("failures behind the edge", () => {
  it("500: a rejection is answered, logged, and harms no later request", async () => {
    await edge.drain(0);
    await start({
      next: async (req, res) => (req.url === "/bad" ? Promise.reject(new Error("db password")) : echo(req, res)),
    });
    const answer = await send("GET /bad HTTP/1.1");
    expectProblem(answer, 500, "INTERNAL_ERROR");
    expect(answer.text).not.toContain("password");
    expect(logged).toMatchObject([{ err: expect.any(Error), path: "/bad", request_id: answer.json.request_id }]);
    expect((await send("GET /good HTTP/1.1")).status).toBe(200);
  });

  it("an answer that has begun is cut, not patched", async () => {
    await edge.drain(0);
    await start({
      next: async (_, res) => {
        res.writeHead(200, { "content-length": 10 }).write("half");
        throw new Error("broken");
      },
    });
    expect(await raw("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")).toMatch(/half$/);
  });

  it.each(["before", "while"])(
    "rubbish after a request, %s it is answered, harms its answer in no way",
    async (when) => {
      await edge.drain(0);
      await start({
        next: async (_, res) => {
          if (when === "while") res.write("half ");
          setTimeout(() => res.end("whole"), 50);
        },
      });
      const answer = await raw("GET /a HTTP/1.1\r\nHost: a\r\n\r\nrubbish\r\n\r\n");
      expect(answer).toMatch(/^HTTP\/1\.1 200 .*whole/s);
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    },
  );
});

describe("upgrades", () => {
  const handshake = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  ];

  it.each(["/", "/_next/hmr", "/%zz"])("of %s are refused and the connection closed", async (path) => {
    const answer = await send(`GET ${path} HTTP/1.1`, handshake);
    if (path === "/%zz") expectProblem(answer, 400, "BAD_REQUEST");
    else expectProblem(answer, 404, "NOT_FOUND");
    expect(answer.headers.connection).toBe("close");
  });

  it("under /_next/ reach Next in development, and a drain does not wait for them", async () => {
    await edge.drain(0);
    const upgrades = new EventEmitter();
    upgrades.on("upgrade", (_req, socket: Socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    await start({ upgrades });
    const socket = connect(port, "127.0.0.1");
    socket.write(["GET /_next/hmr HTTP/1.1", "Host: a", ...handshake, "", ""].join("\r\n"));
    expect(String((await once(socket, "data"))[0])).toContain("101");
    expect((await send("GET /other HTTP/1.1", handshake)).status).toBe(404);
    const closed = once(socket.resume(), "close");
    expect(await edge.drain(5_000)).toBe(true);
    await closed;
  });
});

describe("the process's own paths", () => {
  it("200: alive, ready, version", async () => {
    expect((await send("GET /healthz HTTP/1.1")).json).toEqual({ status: "ok" });
    expect((await send("GET /readyz HTTP/1.1")).json).toEqual({ status: "ready", checks: { database: "ok" } });
    expect((await send("GET /version?x=1 HTTP/1.1")).json).toEqual({
      version: "1.2.3",
      started_at: "2026-11-20T12:00:00.000Z",
    });
    expect(arrived).toEqual([]);
  });

  it("405: they are only read", async () => {
    const answer = await send("POST /healthz HTTP/1.1", ["Content-Length: 0"]);
    expectProblem(answer, 405, "METHOD_NOT_ALLOWED");
    expect(answer.headers.allow).toBe("GET, HEAD");
  });

  it("503: not ready, with what is missing", async () => {
    await edge.drain(0);
    await start({ readiness: async () => ({ ready: false, checks: { database: "connection refused" } }) });
    const answer = await send("GET /readyz HTTP/1.1");
    expect([answer.status, answer.json.checks]).toEqual([503, { database: "connection refused" }]);
    expect((await send("GET /healthz HTTP/1.1")).status).toBe(200);
  });

  it("503: readiness that cannot be checked", async () => {
    await edge.drain(0);
    await start({ readiness: () => Promise.reject(new Error("down")) });
    expect((await send("GET /readyz HTTP/1.1")).status).toBe(503);
  });
});

/** Stands in for the gateway: takes what `serves` says. */
function gatewayThat(serves: (path: string, res: ServerResponse) => boolean): Gateway {
  return {
    handle: (_req, res, { target }) => serves(target.path, res),
    upgrade: () => false,
    refuse: () => false,
    configurationAgeSeconds: () => 0,
    close: async () => {},
  };
}

it("the gateway is asked first, with the path as it came; what it leaves is the portal's", async () => {
  await edge.drain(0);
  const asked: string[] = [];
  const gateway = gatewayThat((path, res) => {
    asked.push(path);
    if (path !== "/users/1/") return false;
    res.end("from upstream");
    return true;
  });
  await start({ gateway });
  expect((await send("GET /users/1/ HTTP/1.1")).text).toBe("from upstream");
  expect((await send("GET /nothing HTTP/1.1")).json.url).toBe("/nothing");
  expect((await send("GET /api/management/keys/ HTTP/1.1")).json.url).toBe("/api/v1/api-management/keys");
  expect((await send("GET /a/%2e%2e/b HTTP/1.1")).status).toBe(400);
  expect(asked).toEqual(["/users/1/", "/nothing", "/api/management/keys/"]);
});

describe("what browsers are told", () => {
  const told = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
  };

  it.each([
    ["pages and the API", "GET /keys HTTP/1.1"],
    ["the process's own paths", "GET /healthz HTTP/1.1"],
    ["their refusals", "POST /healthz HTTP/1.1"],
    ["refusals at the door", "GET /a/%2e%2e/b HTTP/1.1"],
    ["the server's options", "OPTIONS * HTTP/1.1"],
  ])("is on %s", async (_what, requestLine) => {
    const { headers } = await send(requestLine);
    expect(headers).toMatchObject(told);
    expect(headers["strict-transport-security"]).toBeUndefined();
  });

  it("is on failures too, and a page may be stricter", async () => {
    await edge.drain(0);
    await start({
      next: async (req, res) => {
        if (req.url === "/fails") throw new Error("no");
        res.setHeader("referrer-policy", "no-referrer").end();
      },
    });
    expect((await send("GET /fails HTTP/1.1")).headers).toMatchObject(told);
    expect((await send("GET /page HTTP/1.1")).headers).toMatchObject({ ...told, "referrer-policy": "no-referrer" });
  });

  it("includes to insist on https where the portal is reached by it", async () => {
    await edge.drain(0);
    await start({ publicUrl: "https://portal.example" });
    const { headers } = await send("GET /keys HTTP/1.1");
    expect(headers).toMatchObject({ ...told, "strict-transport-security": "max-age=31536000" });
  });

  it("is not said in an upstream's name", async () => {
    await edge.drain(0);
    await start({
      publicUrl: "https://portal.example",
      gateway: gatewayThat((_path, res) => {
        res.end("from upstream");
        return true;
      }),
    });
    const { headers, text } = await send("GET /users/1 HTTP/1.1");
    expect(text).toBe("from upstream");
    expect(Object.keys(headers).sort()).toEqual(["connection", "content-length", "date"]);
  });
});

describe("draining", () => {
  interface Outcome {
    closes: boolean;
    body: string;
  }

  function fetchOnce(agent: Agent, path: string): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      get({ port, path, agent, host: "127.0.0.1" }, (res) => {
        let body = "";
        res.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        res.on("error", reject).on("end", () => resolve({ body, closes: res.headers.connection === "close" }));
      }).on("error", reject);
    });
  }

  it("under load loses no request: each kept-alive client is told to go and was answered every time", async () => {
    await edge.drain(0);
    await start({ next: async (req, res) => void setTimeout(() => echo(req, res), Math.random() * 40) });
    let answered = 0;
    const client = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let isOpen = true; isOpen; answered += 1) isOpen = !(await fetchOnce(agent, "/a")).closes;
    };
    const clients = Array.from({ length: 50 }, client);
    await sleep(200);
    expect(await edge.drain(10_000)).toBe(true);
    await Promise.all(clients);
    expect(answered).toBeGreaterThan(100);
    expect(arrived).toHaveLength(answered);
    await expect(fetchOnce(new Agent(), "/a")).rejects.toThrow("ECONNREFUSED");
  });

  it("is not ready from the first moment, while it still answers", async () => {
    const agent = new Agent({ keepAlive: true });
    await fetchOnce(agent, "/a");
    const drained = edge.drain(5_000);
    const { body, closes } = await fetchOnce(agent, "/readyz");
    expect([JSON.parse(body), closes]).toEqual([{ status: "stopping", checks: {} }, true]);
    expect(await drained).toBe(true);
  });

  it("lets a slow reader have the rest of its answer", async () => {
    await edge.drain(0);
    const size = 32 * 1024 * 1024;
    await start({
      next: async (_, res) => void res.writeHead(200, { "content-length": size }).end(Buffer.alloc(size, "x")),
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(socket, "readable");
    const drained = edge.drain(10_000);
    await sleep(700); // beyond the time in which idle connections are told to go
    let bytes = 0;
    socket.on("data", (chunk) => {
      bytes += chunk.length;
    });
    await once(socket, "close");
    expect(bytes).toBeGreaterThan(size);
    expect(await drained).toBe(true);
  });

  it("answers all of what was pipelined before it began", async () => {
    await edge.drain(0);
    await start({ next: async (req, res) => void setTimeout(() => echo(req, res), 50) });
    const answer = raw(["/a", "/b", "/c"].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
    await sleep(20);
    expect(await edge.drain(5_000)).toBe(true);
    expect((await answer).match(/"url":"\/[abc]"/g)).toEqual(['"url":"/a"', '"url":"/b"', '"url":"/c"']);
    expect((await answer).match(/connection: close/gi)).toHaveLength(1);
  });

  it("closes idle connections", async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const closed = once(socket.resume(), "close");
    expect(await edge.drain(5_000)).toBe(true);
    await closed;
  });

  it("cuts what does not end in time, and says so", async () => {
    await edge.drain(0);
    await start({ next: async (_, res) => void res.write("endless") });
    const answer = raw("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    await sleep(50);
    expect(await edge.drain(600)).toBe(false);
    expect(await answer).toContain("endless");
  });
});
