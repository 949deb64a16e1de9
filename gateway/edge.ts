import type { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type Admission, admit, methodRefused } from "#gateway/admit";
import { answerProblem, refuseSocket } from "#gateway/answer-problem";
import type { TrustedProxies } from "#gateway/client-address";
import { type Connections, followConnections } from "#gateway/connections";
import { type Build, ownPaths } from "#gateway/own-paths";
import { describeParseError, pathOfParseError } from "#gateway/parse-error";
import { portalHeadersOf, setPortalHeaders } from "#gateway/portal-headers";
import type { Readiness } from "#gateway/readiness";
import { AppError, isAppError, notFound } from "#lib/core/errors";
import { newId } from "#lib/core/ids";
import { isReservedPath } from "#lib/gateways/reserved-paths";

export interface EdgeOptions {
  /** Next's request handler: gets what nobody before it took. */
  next: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  /** Where the portal is reached: PUBLIC_URL. */
  publicUrl: string;
  /** May take an admitted request whose path the portal does not own; true if it did. */
  gateway?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Given in development: upgrades under /_next/ are emitted here, where Next listens for hot reloading. */
  upgrades?: EventEmitter;
  readiness: () => Promise<Readiness>;
  build: Build;
  trustedProxies: TrustedProxies;
  logger: { error(fields: object, message: string): void };
  now: () => Date;
}

export interface Edge {
  /** Resolves with the port; rejects as `listen` of node:net does (EADDRINUSE). */
  listen(port: number, host: string): Promise<number>;
  /**
   * Not ready, then: finishes what is under way, tells kept-alive connections to go, stops accepting. Resolves when the last
   * connection is gone, with false if some had to be cut after `timeoutMs`.
   */
  drain(timeoutMs: number): Promise<boolean>;
}

const limits = {
  requestTimeout: 0, // Node's 300 s would cut long uploads; bodies are bounded where they are read
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000, // longer than the 60 s of common load balancers, so that they close first
  maxHeaderSize: 16 * 1024,
  insecureHTTPParser: false,
  requireHostHeader: false, // checked by admit, which answers with a body
};

/** The HTTP server in front of everything: admission, the process's own paths, the gateway, Next. */
export function createEdge(options: EdgeOptions): Edge {
  const server = createServer({ ...limits, shouldUpgradeCallback: isWebSocket });
  server.maxHeadersCount = 0; // maxHeaderSize bounds them; Node would drop those beyond 2,000 unseen
  const connections = followConnections(server);
  const serve = createServe(options, connections);

  server.on("request", (req, res) => serve(req, res));
  server.on("checkContinue", (req, res) => serve(req, res, { expectsContinue: true }));
  server.on("checkExpectation", (req, res) => serve(req, res, { refusal: expectationRefused }));
  server.on("clientError", (error, socket) => refuseMalformed(error, socket, connections, options.now()));
  server.on("upgrade", (req, socket, head) => upgrade({ req, socket, head }, connections, options));
  server.on("connect", (req, socket) => {
    refuseSocket(socket, methodRefused(), { path: req.url ?? "", requestId: newId("req"), now: options.now() });
  });
  return {
    listen: (port, host) => listen(server, port, host),
    drain: (timeoutMs) => connections.drain(timeoutMs),
  };
}

interface Expectation {
  expectsContinue?: boolean;
  refusal?: AppError;
}

const expectationRefused = new AppError("BAD_REQUEST", "The only Expect is 100-continue.");

function createServe(options: EdgeOptions, connections: Connections) {
  const { logger, now } = options;
  const own = ownPaths({ ...options, isDraining: connections.isDraining });
  const portalHeaders = portalHeadersOf(options.publicUrl);

  async function dispatch(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? "").split("?", 1)[0] ?? "";
    const answer = own(req, path);
    if (!answer && !isReservedPath(path) && options.gateway?.(req, res)) return;
    setPortalHeaders(res, portalHeaders);
    return answer ? answer(res) : options.next(req, res);
  }

  function fail(res: ServerResponse, error: unknown, { path, requestId }: Admission): void {
    if (!isAppError(error)) logger.error({ err: error, request_id: requestId, path }, "request failed");
    else if (error.extras.headers?.connection === "close") connections.endWith(res);
    setPortalHeaders(res, portalHeaders);
    answerProblem(res, error, { path, requestId, now: now() });
  }

  return async (req: IncomingMessage, res: ServerResponse, { expectsContinue, refusal }: Expectation = {}) => {
    if (!connections.begin(req, res)) return;
    const admission = admit(req, options.trustedProxies);
    res.setHeader("x-request-id", admission.requestId);
    const refused = admission.refusal ?? refusal;
    if (refused) return fail(res, refused, admission);
    if (expectsContinue) res.writeContinue();
    await dispatch(req, res).catch((error: unknown) => fail(res, error, admission));
  };
}

/** Other protocols (h2c) are offers that HTTP lets us ignore; the request is then answered as an ordinary one. */
function isWebSocket(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === "websocket";
}

interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

function upgrade({ req, socket, head }: Upgrade, connections: Connections, options: EdgeOptions): void {
  const { path, requestId, refusal } = admit(req, options.trustedProxies);
  if (!refusal && req.url?.startsWith("/_next/") && options.upgrades?.emit("upgrade", req, socket, head)) {
    connections.release(socket);
  } else {
    refuseSocket(socket, refusal ?? notFound("WebSocket endpoint"), { path, requestId, now: options.now() });
  }
}

/** Answers a message that is not HTTP, unless that would land in the middle, or in the place, of another answer. */
function refuseMalformed(error: Error, socket: Duplex, connections: Connections, now: Date): void {
  const res = connections.underWay(socket);
  if (res?.req.complete) res.once("close", () => socket.destroy());
  else if (!socket.writable || res?.headersSent) socket.destroy();
  else refuseSocket(socket, describeParseError(error), { path: pathOfParseError(error), requestId: newId("req"), now });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
