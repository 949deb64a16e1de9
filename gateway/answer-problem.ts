import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Occurrence, toProblem } from "#lib/core/problem";

/** Answers with the problem body of `error`. Does nothing but cut the connection if an answer has already begun. */
export function answerProblem(res: ServerResponse, error: unknown, at: Occurrence): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { status, headers, body } = toProblem(error, at);
  answerJson(res, status, body, headers);
}

/** Answers with a JSON body that no cache may keep. */
export function answerJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { ...headers, "cache-control": "no-store", "content-length": bytes.length });
  res.end(bytes);
}

/** The same answer where Node has no response object: malformed messages, refused upgrades, CONNECT. Ends the socket. */
export function refuseSocket(socket: Duplex, error: unknown, at: Occurrence): void {
  const { status, headers, body } = toProblem(error, at);
  const bytes = JSON.stringify(body);
  const fields = {
    ...headers,
    date: at.now.toUTCString(),
    "cache-control": "no-store",
    "x-request-id": at.requestId,
    "content-length": Buffer.byteLength(bytes),
    connection: "close",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on("error", () => socket.destroy()); // the peer may be gone; nobody else listens on this socket
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${bytes}`, () => socket.destroy());
}
