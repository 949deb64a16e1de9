import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server, type ServerOpts, type Socket } from "node:net";

/** A request as it reached an upstream. */
export interface RecordedRequest {
  method: string;
  url: string;
  /** Flat, in the spelling and order in which they came. */
  rawHeaders: string[];
  /** The values of a header, by its lower-case name. */
  header(name: string): string[];
  /** Resolves with the whole body. */
  body: Promise<Buffer>;
}

export interface TestUpstream {
  readonly url: string;
  readonly port: number;
  /** Connections it has accepted so far. */
  readonly connections: number;
  /** Of those, the open ones. */
  readonly openSockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

export interface RecordingUpstream extends TestUpstream {
  readonly requests: readonly RecordedRequest[];
}

/**
 * An HTTP upstream that remembers what it was asked. `answer` may leave the body alone: it is read when somebody awaits
 * `body`, or by the handler itself. Without `answer` each request gets 200 and `ok`.
 */
export async function startUpstream(
  answer: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) => res.end("ok"),
): Promise<RecordingUpstream> {
  const requests: RecordedRequest[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    requests.push(recorded(req));
    answer(req, res);
  });
  return Object.assign(await listening(server), { requests });
}

/** An upstream that speaks for itself: `serve` gets each socket, with its number, from 1. */
export async function startRawUpstream(
  serve: (socket: Socket, number: number) => void,
  options: ServerOpts = {},
): Promise<TestUpstream> {
  let number = 0;
  const server = createNetServer(options, (socket) => {
    number += 1;
    socket.on("error", () => socket.destroy());
    serve(socket, number);
  });
  return listening(server);
}

/** Calls `answer` with each request head (without a body) that arrives on a raw socket. */
export function onRequestHead(socket: Socket, answer: (head: string, number: number) => void): void {
  let text = "";
  let number = 0;
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const head = text.slice(0, end);
      text = text.slice(end + 4);
      number += 1;
      answer(head, number);
    }
  });
}

function recorded(req: IncomingMessage): RecordedRequest {
  let body: Promise<Buffer> | undefined;
  return {
    method: req.method ?? "",
    url: req.url ?? "",
    rawHeaders: req.rawHeaders,
    header: (name) => req.rawHeaders.filter((_, at) => at % 2 === 1 && req.rawHeaders[at - 1]?.toLowerCase() === name),
    get body() {
      body ??= req.toArray().then((chunks) => Buffer.concat(chunks));
      return body;
    },
  };
}

async function listening(server: Server): Promise<TestUpstream> {
  const openSockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    openSockets.add(socket);
    socket.once("close", () => openSockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    openSockets,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of openSockets) socket.destroy();
      }),
  };
}
