import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { startRawUpstream, type TestUpstream } from "#test/upstream";

/** What arrived upstream, one entry a message, read by the letter of RFC 9112: start line, and how long its body was. */
interface Arrived {
  line: string;
  body: string;
}

let gateway: TestGateway;
let upstream: TestUpstream;
let arrived: Arrived[];
/** Bytes on connections upstream that were closed in the middle of a message. */
let garbage: string[];

beforeAll(async () => {
  upstream = await startRawUpstream((socket) => {
    let bytes = "";
    socket.on("data", (chunk) => {
      bytes += chunk.toString("latin1");
      for (let message = cut(bytes); message; message = cut(bytes)) {
        bytes = message.rest;
        arrived.push(message);
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      }
    });
    socket.on("close", () => bytes !== "" && garbage.push(bytes));
  });
  gateway = await openTestGateway();
  const anyone = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };
  const unlimited = { kind: "rate_limit", configuration: { limits: [], count_by: "api_key" } };
  await gateway.publish({ path: "/front/*", url: upstream.url, policies: [anyone, unlimited] });
  await gateway.start();
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** The first message of some bytes, or undefined while it is not complete. */
function cut(bytes: string): (Arrived & { rest: string }) | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [line = "", ...fields] = bytes.slice(0, end).split("\r\n");
  const value = (name: string) =>
    fields
      .find((field) => field.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const start = end + 4;
  if (value("transfer-encoding") !== undefined) return cutChunks(line, bytes, start);
  const length = Number(value("content-length") ?? 0);
  if (bytes.length < start + length) return undefined;
  return { line, body: bytes.slice(start, start + length), rest: bytes.slice(start + length) };
}

function cutChunks(line: string, bytes: string, start: number): (Arrived & { rest: string }) | undefined {
  let body = "";
  for (let at = start; ; ) {
    const end = bytes.indexOf("\r\n", at);
    if (end === -1) return undefined;
    const length = Number.parseInt(bytes.slice(at, end), 16);
    if (bytes.length < end + 2 + length + 2) return undefined;
    body += bytes.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
    if (length === 0) return { line, body, rest: bytes.slice(at) };
  }
}

interface Result {
  statuses: number[];
  arrived: Arrived[];
}

/** Sends bytes as they are, then a request of another client, and returns what came back to the first and arrived upstream. */
async function attack(bytes: string): Promise<Result> {
  arrived = [];
  garbage = [];
  const socket = connect(gateway.gatewayPort, "127.0.0.1");
  let answer = "";
  socket.on("error", () => {});
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  socket.write(Buffer.from(bytes, "latin1"));
  await Promise.race([once(socket, "close"), sleep(150)]);
  socket.destroy();
  const victim = await gateway.send("/front/victim");
  expect([victim.status, victim.text]).toEqual([200, "ok"]);
  return { statuses: [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1])), arrived };
}

const smuggled = "GET /front/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const post = (fields: string, body: string) => `POST /front/sent HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`;
const cl = `Content-Length: ${smuggled.length}`;

/** Messages that two servers have been known to read in two ways (http-garden's and PortSwigger's classes). */
const ambiguous: Record<string, string> = {
  "CL.TE": post(`${cl}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${smuggled}`),
  "TE.CL": post("Transfer-Encoding: chunked\r\nContent-Length: 4", chunked(smuggled)),
  "two lengths": post(`Content-Length: 0\r\n${cl}`, smuggled),
  "two equal lengths": post(`${cl}\r\n${cl}`, smuggled),
  "a list of lengths": post(`Content-Length: 0, ${smuggled.length}`, smuggled),
  "a signed length": post(`Content-Length: +${smuggled.length}`, smuggled),
  "a negative length": post("Content-Length: -1", smuggled),
  "a hexadecimal length": post("Content-Length: 0x10", smuggled),
  "a length with an underscore": post(`Content_Length: ${smuggled.length}`, smuggled),
  "a length beyond all": post("Content-Length: 99999999999999999999", smuggled),
  "a length with a space before the colon": post(`Content-Length : ${smuggled.length}`, smuggled),
  "a tab before the colon": post("Transfer-Encoding\t: chunked", chunked(smuggled)),
  "TE with a vertical tab": post("Transfer-Encoding: \x0bchunked", chunked(smuggled)),
  "TE in quotes": post('Transfer-Encoding: "chunked"', chunked(smuggled)),
  "TE x": post("Transfer-Encoding: xchunked", chunked(smuggled)),
  "TE twice": post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunked(smuggled)),
  "TE list": post("Transfer-Encoding: chunked, identity", chunked(smuggled)),
  "TE gzip": post("Transfer-Encoding: gzip, chunked", chunked(smuggled)),
  "TE with an underscore": post("Transfer_Encoding: chunked", chunked(smuggled)),
  "TE folded": post("Transfer-Encoding:\r\n chunked", chunked(smuggled)),
  "TE in HTTP/1.0": `POST /front/sent HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(smuggled)}`,
  "a bare LF in the head": `POST /front/sent HTTP/1.1\r\nHost: a\nTransfer-Encoding: chunked\r\n\r\n${chunked(smuggled)}`,
  "a bare CR in the head": `POST /front/sent HTTP/1.1\r\nHost: a\rTransfer-Encoding: chunked\r\n\r\n${chunked(smuggled)}`,
  "a NUL in a value": post("X-A: a\0b", smuggled),
  "a chunk size with a sign": post("Transfer-Encoding: chunked", `+5\r\nhello\r\n0\r\n\r\n${smuggled}`),
  "a chunk size with 0x": post("Transfer-Encoding: chunked", `0x5\r\nhello\r\n0\r\n\r\n${smuggled}`),
  "a chunk size beyond all": post("Transfer-Encoding: chunked", `ffffffffffffffff1\r\nhello\r\n0\r\n\r\n${smuggled}`),
  "a chunk that ends without CRLF": post("Transfer-Encoding: chunked", `5\r\nhelloX0\r\n\r\n${smuggled}`),
  "a chunk line that ends with LF": post("Transfer-Encoding: chunked", `5\nhello\r\n0\r\n\r\n${smuggled}`),
  "an extension with a bare LF": post("Transfer-Encoding: chunked", `5;a\nb\r\nhello\r\n0\r\n\r\n${smuggled}`),
  "trailers that frame": post("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"),
  "two hosts": `GET /front/sent HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
  "no host": "GET /front/sent HTTP/1.1\r\n\r\n",
  "a host with a space": "GET /front/sent HTTP/1.1\r\nHost: a b\r\n\r\n",
  "a line without version": "GET /front/sent\r\nHost: a\r\n\r\n",
  "HTTP/2 in clear text": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a version with two digits": "GET /front/sent HTTP/1.11\r\nHost: a\r\n\r\n",
  "absolute form": "GET http://b/front/sent HTTP/1.1\r\nHost: a\r\n\r\n",
  "a header name with a space": "GET /front/sent HTTP/1.1\r\nHost: a\r\nX A: b\r\n\r\n",
  "a head that begins with a space": "GET /front/sent HTTP/1.1\r\n Host: a\r\n\r\n",
};

describe("a message that can be read in two ways is refused, and nothing of it goes on", () => {
  it.each(Object.entries(ambiguous))("%s", async (_name, bytes) => {
    const result = await attack(bytes);
    expect(result.statuses.every((status) => status >= 400)).toBe(true);
    expect(result.arrived.filter(({ line }) => !line.includes("/victim"))).toEqual([]);
    // What went wrong in the middle of a body may have begun to go on; it was cut off there, and nothing came behind it.
    for (const bytes of garbage) expect(bytes).not.toContain("smuggled");
  });
});

/** What is odd but can be read in one way only; then it arrives in that way. */
const clear: Record<string, { bytes: string; arrives: [line: string, body: string][] }> = {
  "a body with GET": {
    bytes: `GET /front/sent HTTP/1.1\r\nHost: a\r\n${cl}\r\n\r\n${smuggled}`,
    arrives: [["GET /front/sent", smuggled]],
  },
  "a request as a body": { bytes: post(cl, smuggled), arrives: [["POST /front/sent", smuggled]] },
  "a request in a chunk": {
    bytes: post("Transfer-Encoding: chunked", chunked(smuggled)),
    arrives: [["POST /front/sent", smuggled]],
  },
  "a chunk extension": {
    bytes: post("Transfer-Encoding: chunked", `5;a=b\r\nhello\r\n0\r\n\r\n`),
    arrives: [["POST /front/sent", "hello"]],
  },
  "leading zeros of a chunk": {
    bytes: post("Transfer-Encoding: chunked", `0005\r\nhello\r\n000\r\n\r\n`),
    arrives: [["POST /front/sent", "hello"]],
  },
  "two requests at once": {
    bytes: `${post("Content-Length: 2", "hi")}${smuggled}`,
    arrives: [
      ["POST /front/sent", "hi"],
      ["GET /front/smuggled", ""],
    ],
  },
  "Connection that names the length": {
    bytes: post(`${cl}\r\nConnection: Content-Length`, smuggled),
    arrives: [["POST /front/sent", smuggled]],
  },
  "an upgrade to h2c with a body": {
    bytes: post(`${cl}\r\nUpgrade: h2c\r\nConnection: Upgrade`, smuggled),
    arrives: [["POST /front/sent", smuggled]],
  },
  "an expectation with a body": {
    bytes: post(`${cl}\r\nExpect: 100-continue`, smuggled),
    arrives: [["POST /front/sent", smuggled]],
  },
  "a length of zero before another request": {
    bytes: `${post("Content-Length: 0", "")}${smuggled}`,
    arrives: [
      ["POST /front/sent", ""],
      ["GET /front/smuggled", ""],
    ],
  },
};

describe("what can be read in one way arrives in that way, as one message each", () => {
  it.each(Object.entries(clear))("%s", async (_name, { bytes, arrives }) => {
    const result = await attack(bytes);
    const seen = result.arrived.filter(({ line }) => !line.includes("/victim"));
    // Two that came at once go upstream side by side, in no order; their answers come back in theirs.
    expect(seen.map(({ line, body }) => [line.replace(/ HTTP\/1\.1$/, ""), body]).toSorted()).toEqual(
      arrives.toSorted(),
    );
    expect(garbage).toEqual([]);
    expect(result.statuses.filter((status) => status !== 100)).toEqual(arrives.map(() => 200));
  });
});
