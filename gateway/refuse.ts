import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { pushOwnHeaders } from "#gateway/answer-head";
import type { Exchange, OwnAnswer } from "#gateway/exchange";
import { recordExchange } from "#gateway/record-exchange";
import type { Outcome } from "#gateway/upstream/forward";
import { discardRest } from "#gateway/upstream/upload";
import { toErrorAnswer } from "#lib/core/error-answer";
import type { AppError } from "#lib/core/errors";

/** Answers a refusal in the gateway's error format, once it is recorded. `upstream`: how asking the service failed, if it was asked. */
export async function refuse(exchange: Exchange, error: AppError, upstream: Outcome | null = null): Promise<void> {
  const { req, res, socket, admission, route, occurredAtMs } = exchange;
  const at = { path: admission.path, requestId: admission.requestId, now: new Date(occurredAtMs) };
  const answer = toErrorAnswer(route.errorFormat, error, at);
  const body = Buffer.from(JSON.stringify(answer.body));
  const headers = Object.entries(answer.headers).flat();
  headers.push("Cache-Control", "no-store", "Content-Length", String(body.length));
  pushOwnHeaders(headers, exchange, "x-ratelimit-limit" in answer.headers ? null : exchange.limits);
  const ending = {
    status: answer.status,
    errorCode: answer.errorCode,
    requestBytes: upstream?.requestBytes ?? 0,
    responseBytes: body.length,
    upstream,
    outcome: upstream ? ("failed" as const) : ("refused" as const),
  };
  await recordExchange(exchange, ending);
  if (res) {
    res.writeHead(answer.status, headers).end(body);
    discardRest(req);
  } else if (socket) endSocket(socket, answer.status, headers, body);
}

/** Answers what the gateway answers itself, once it is recorded. */
export async function answerOwn(exchange: Exchange, { status, headers: said }: OwnAnswer): Promise<void> {
  const headers = [...said, "X-Request-Id", exchange.admission.requestId];
  await recordExchange(exchange, {
    status,
    outcome: "answered",
    errorCode: null,
    requestBytes: 0,
    responseBytes: 0,
    upstream: null,
  });
  exchange.res?.writeHead(status, headers).end();
}

/** The answer to an upgrade, for which Node has no response object. Ends the socket. */
export function endSocket(socket: Duplex, status: number, headers: readonly string[], body: Buffer): void {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nDate: ${new Date().toUTCString()}\r\n`;
  for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  socket.end(Buffer.concat([Buffer.from(`${head}\r\n`, "latin1"), body]), () => socket.destroy());
}
