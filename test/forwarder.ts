import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Delivery, forward, type Outcome, type Outgoing, type Upstream } from "#gateway/upstream/forward";
import { forwardUpgrade } from "#gateway/upstream/upgrade";
import { openUpstreams, type ServiceAddress, type Upstreams } from "#gateway/upstream/upstreams";
import { errorCatalogue } from "#lib/core/errors";

/** A gateway that does nothing but forward, and keeps what it was told of each exchange. */
export interface Forwarder {
  readonly url: string;
  readonly port: number;
  readonly upstream: Upstream;
  readonly upstreams: Upstreams;
  readonly outcomes: Outcome[];
  /** What `Delivery.head` was given, one entry a call. */
  readonly heads: { status: number; headers: string[] }[];
  /** Resolves once `count` exchanges have ended. */
  ended(count?: number): Promise<Outcome>;
  close(): Promise<void>;
}

export interface ForwarderOptions extends Partial<ServiceAddress> {
  baseUrl: string;
  connectionsMax?: number;
  /** Runs before an outcome is taken down: what it waits for delays the answer's last byte. */
  onEnded?: (outcome: Outcome) => Promise<void> | void;
}

export async function startForwarder({ connectionsMax, onEnded, ...service }: ForwarderOptions): Promise<Forwarder> {
  const upstreams = openUpstreams(connectionsMax === undefined ? {} : { connectionsMax });
  const upstream = upstreams.of({
    ...{ id: "svc_test", targets: [], connectTimeoutMs: 2_000, responseTimeoutMs: 5_000, totalTimeoutMs: null },
    ...service,
  });
  const outcomes: Outcome[] = [];
  const heads: Forwarder["heads"] = [];

  const deliver = (fail: (outcome: Outcome) => void): Delivery => ({
    head(status, headers) {
      heads.push({ status, headers: [...headers] });
      return headers;
    },
    async ended(outcome) {
      await onEnded?.(outcome);
      outcomes.push(outcome);
      if (outcome.kind === "failed") fail(outcome);
    },
  });
  const server = createServer((req, res) => {
    forward(
      req,
      res,
      upstream,
      outgoing(req),
      deliver((outcome) => refuse(res, outcome)),
    );
  });
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const fail = ({ status }: Outcome) => socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
    forwardUpgrade(req, socket, head, upstream, outgoing(req), deliver(fail));
  });
  const { port, close } = await listen(server);
  return {
    ...{ url: `http://127.0.0.1:${port}`, port, upstream, upstreams, outcomes, heads },
    async ended(count = 1) {
      while (outcomes.length < count) await sleep(2);
      const last = outcomes[count - 1];
      if (!last) throw new Error("No such outcome.");
      return last;
    },
    async close() {
      await close();
      await upstreams.close();
    },
  };
}

const ofTheConnection = ["host", "connection", "content-length", "transfer-encoding", "upgrade", "keep-alive"];

function outgoing(req: IncomingMessage): Outgoing {
  const { method = "", url = "", rawHeaders } = req;
  const name = (at: number) => (rawHeaders[at - (at % 2)] ?? "").toLowerCase();
  const headers = rawHeaders.filter((_, at) => !ofTheConnection.includes(name(at)));
  const hasBody = rawHeaders.some((_, at) => name(at) === "content-length" || name(at) === "transfer-encoding");
  return { method, path: url, headers, body: hasBody ? req : null };
}

function refuse(res: ServerResponse, { error, status }: Outcome): void {
  const body = JSON.stringify({ code: error?.code, status: error && errorCatalogue[error.code].status });
  res.writeHead(status, ["Content-Length", String(body.length)]);
  res.end(body);
}

async function listen(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
