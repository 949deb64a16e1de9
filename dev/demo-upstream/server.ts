import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { answerCustomers } from "#dev/demo-upstream/customers";
import { type DemoAnswer, type DemoApi, type DemoRequest, isRead, readRequest } from "#dev/demo-upstream/exchange";
import { answerGst } from "#dev/demo-upstream/gst";
import { answerPlaceholder } from "#dev/demo-upstream/placeholder";
import { answerPlayground, streamPlayground } from "#dev/demo-upstream/playground";

export interface DemoUpstream {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** Ends every connection. */
  stop(): Promise<void>;
}

const apis: readonly DemoApi[] = [answerPlaceholder, answerGst, answerCustomers, answerPlayground, answerIndex];
const messageBytesMax = 1024 * 1024;

/** The APIs behind the demo's gateways, on loopback. They keep no state. Rejects (EADDRINUSE, …) when it cannot listen there. */
export async function startDemoUpstream(port = 0): Promise<DemoUpstream> {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response).catch(() => response.destroy()); // the client left, or sent what cannot be read
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (request.url?.split("?")[0] !== "/ws") return socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("error", () => client.terminate());
      client.on("message", (message, isBinary) => client.send(message, { binary: isBinary }));
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening"); // rejects with the server's error
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    stop: async () => {
      for (const client of sockets.clients) client.terminate();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  if (!request) return send(response, { status: 400, body: { error: "This request cannot be read." } });
  if (await streamPlayground(request, response)) return;
  for (const api of apis) {
    const answered = api(request);
    if (answered) return send(response, answered);
  }
  send(response, { status: 404, body: {} });
}

function send(response: ServerResponse, { status, headers = {}, body }: DemoAnswer): void {
  if (body === undefined || status === 204 || status === 304) return void response.writeHead(status, headers).end();
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function answerIndex(request: DemoRequest): DemoAnswer | undefined {
  if (request.segments.length > 0 || !isRead(request)) return undefined;
  return {
    status: 200,
    body: {
      about: "The APIs behind the demo's gateways. Nothing that is written is kept.",
      paths: [
        ...["/users", "/posts", "/comments", "/todos", "/albums", "/photos"],
        ...["/api/gst/verify", "/api/v1/customers", "/api/v1/customers/me/services"],
        ...["/echo", "/status/418", "/slow?ms=500", "/stream?events=3", "/bytes/1000", "/ws"],
      ],
    },
  };
}
