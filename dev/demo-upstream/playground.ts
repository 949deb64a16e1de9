import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { DemoAnswer, DemoRequest } from "#dev/demo-upstream/exchange";

const echoedBytesMax = 64 * 1024;
const slowMaxMs = 120_000;
const bytesMax = 1024 ** 3;

/** `/echo`: what arrived. `/status/{code}`: that status. */
export function answerPlayground(request: DemoRequest): DemoAnswer | undefined {
  const [name, argument] = request.segments;
  if (name === "echo") return { status: 200, body: echo(request) };
  if (name !== "status" || argument === undefined) return undefined;
  const status = Number(argument);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    return { status: 400, body: { error: "A status is a number from 200 to 599." } };
  }
  return { status, body: { status } };
}

function echo({ method, target, headers, body }: DemoRequest) {
  return {
    method,
    path: target,
    headers,
    body: body.length > echoedBytesMax ? null : body.toString("utf8"),
    body_bytes: body.length,
    body_sha256: createHash("sha256").update(body).digest("hex"),
  };
}

/**
 * What takes its time: `/slow?ms=500` answers late, `/stream` sends an event each second (`?events=3`: then ends), `/bytes/{n}`
 * sends that many bytes. Returns false where the path is none of them. All end when the client leaves.
 */
export async function streamPlayground({ segments, query }: DemoRequest, response: ServerResponse): Promise<boolean> {
  const [name, argument] = segments;
  if (name === "slow") await answerLate(response, Number(query.get("ms") ?? "1000"));
  else if (name === "stream") await sendEvents(response, Number(query.get("events") ?? "Infinity"));
  else if (name === "bytes" && argument !== undefined) await sendBytes(response, Number(argument));
  else return false;
  return true;
}

async function answerLate(response: ServerResponse, wantedMs: number): Promise<void> {
  const ms = wantedMs > 0 ? Math.min(wantedMs, slowMaxMs) : 0;
  await sleep(ms, undefined, { signal: untilClosed(response) });
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify({ slept_ms: ms }));
}

async function sendEvents(response: ServerResponse, count: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const signal = untilClosed(response);
  for (let at = 1; at <= count; at += 1) {
    if (at > 1) await sleep(1_000, undefined, { signal });
    response.write(`id: ${at}\nevent: tick\ndata: ${JSON.stringify({ tick: at })}\n\n`);
  }
  response.end();
}

async function sendBytes(response: ServerResponse, wanted: number): Promise<void> {
  const length = wanted > 0 ? Math.min(Math.floor(wanted), bytesMax) : 0;
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": String(length) });
  if (response.req.method === "HEAD") return void response.end();
  await pipeline(Readable.from(alphabet(length)), response);
}

/** `abc…zabc…`, in pieces. */
function* alphabet(length: number): Generator<Buffer> {
  const piece = Buffer.from("abcdefghijklmnopqrstuvwxyz".repeat(2_520));
  for (let sent = 0; sent < length; sent += piece.length) yield piece.subarray(0, length - sent);
}

function untilClosed(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  response.once("close", () => left.abort());
  return left.signal;
}
