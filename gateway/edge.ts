import type { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Admission, admit, dressForPortal, methodRefused } from "#gateway/admit";
import { answerProblem, refuseSocket } from "#gateway/answer-problem";
import type { TrustedProxies } from "#gateway/client-address";
import { type Connections, followConnections } from "#gateway/connections";
import { createHeadReader, type HeadReader } from "#gateway/head";
import { type Build, ownPaths } from "#gateway/own-paths";
import { describeParseError, pathOfParseError } from "#gateway/parse-error";
import { portalHeadersOf, setPortalHeaders } from "#gateway/portal-headers";
import type { Readiness } from "#gateway/readiness";
import type { Gateway } from "#gateway/serve";
import { AppError, isAppError, notFound } from "#lib/core/errors";
import { createIdSource, newId } from "#lib/core/ids";

interface EdgeBase {
  /** What routes of gateways take. */
  gateway?: Gateway;
  readiness: () => Promise<Readiness>;
  build: Build;
  trustedProxies: TrustedProxies;
  logger: { error(fields: object, message: string): void };
  now: () => Date;
}

/** The portal's port: its own paths first, then what gateways serve there, then Next. */
interface PortalEdge extends EdgeBase {
  surface: "portal";
  /** Next's request handler: gets what nobody before it took. */
  next: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  /** Where the portal is reached: PUBLIC_URL. */
  publicUrl: string;
  /** Given in development: upgrades under /_next/ are emitted here, where Next listens for hot reloading. */
  upgrades?: EventEmitter;
}

/** GATEWAY_PORT: what gateways serve, and nothing else. */
interface GatewayEdge extends EdgeBase {
  surface: "gateway";
  gateway: Gateway;
}

export type EdgeOptions = PortalEdge | GatewayEdge;

export interface Edge {
  /** Resolves with the port; rejects as `listen` of node:net does (EADDRINUSE). */
  listen(port: number, host: string): Promise<number>;
  /** Instead of listening: serves connections that another process accepted. Call what it returns with each; false: too late. */
  receive(): (socket: Socket) => boolean;
  /**
   * Not ready, then: finishes what is under way, tells kept-alive connections to go, stops accepting. Resolves when the last
   * connection is gone, with false if some had to be cut after `timeoutMs`.
   */
  drain(timeoutMs: number): Promise<boolean>;
  /** Connections of callers, upgraded ones too. */
  openConnections(): number;
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
  const readHead = createHeadReader();
  const serve = createServe(options, connections, readHead);

  server.on("request", (req, res) => serve(req, res));
  server.on("checkContinue", (req, res) => serve(req, res, { expectsContinue: true }));
  server.on("checkExpectation", (req, res) => serve(req, res, { refusal: expectationRefused }));
  server.on("clientError", (error, socket) => refuseMalformed(error, socket, connections, options.now()));
  server.on("upgrade", (req, socket, head) => {
    socket.on("error", () => socket.destroy()); // Node has let go of it: a reset nobody hears would end the process
    if (connections.underWay(socket)) {
      socket.destroy(); // the answer to this would stand in the place of an earlier one
      return;
    }
    const admission = admit(req, readHead(req.rawHeaders), options.trustedProxies);
    upgrade({ req, socket, head }, admission, connections, options);
  });
  server.on("connect", (req, socket) => {
    refuseSocket(socket, methodRefused(), { path: req.url ?? "", requestId: newId("req"), now: options.now() });
  });
  return {
    listen: (port, host) => listen(server, port, host),
    receive: () => receive(server, connections),
    drain: (timeoutMs) => connections.drain(timeoutMs),
    openConnections: () => connections.count(),
  };
}

interface Expectation {
  expectsContinue?: boolean;
  refusal?: AppError;
}

type Serve = (req: IncomingMessage, res: ServerResponse, expectation?: Expectation) => void;

const expectationRefused = new AppError("BAD_REQUEST", "The only Expect is 100-continue.");

function createServe(options: EdgeOptions, connections: Connections, readHead: HeadReader): Serve {
  const { logger, now, gateway, trustedProxies } = options;
  const nextRequestId = createIdSource("req");
  const isPortal = options.surface === "portal";
  const portalHeaders = isPortal ? portalHeadersOf(options.publicUrl) : {};
  const rest = isPortal ? createPortal(options, connections) : createOwn(options, connections);

  function fail(res: ServerResponse, error: unknown, { path, requestId }: Admission): void {
    if (!isAppError(error)) logger.error({ err: error, request_id: requestId, path }, "request failed");
    setPortalHeaders(res, portalHeaders);
    answerProblem(res, error, { path, requestId, now: now() });
  }

  function refuse(req: IncomingMessage, res: ServerResponse, error: AppError, admission: Admission): void {
    if (error.extras.headers?.connection === "close") connections.endWith(res);
    if (gateway?.refuse({ req, to: res, admission, error }, options)) return;
    res.setHeader("x-request-id", admission.requestId);
    fail(res, error, admission);
  }

  return (req, res, { expectsContinue = false, refusal } = {}) => {
    if (!connections.begin(req, res)) return;
    const admission = admit(req, readHead(req.rawHeaders), trustedProxies, nextRequestId);
    const refused = admission.refusal ?? refusal;
    if (refused) return refuse(req, res, refused, admission);
    if (gateway?.handle(req, res, admission, { surface: options.surface, expectsContinue })) return;
    res.setHeader("x-request-id", admission.requestId);
    if (expectsContinue) res.writeContinue();
    rest(req, res, admission).catch((error: unknown) => fail(res, error, admission));
  };
}

type Rest = (req: IncomingMessage, res: ServerResponse, admission: Admission) => Promise<void>;

/** What no gateway took on the portal's port: the process's own paths, and Next. */
function createPortal(options: PortalEdge, connections: Connections): Rest {
  const own = ownPaths({ ...options, isDraining: connections.isDraining });
  const portalHeaders = portalHeadersOf(options.publicUrl);
  return async (req, res, admission) => {
    dressForPortal(req, admission);
    setPortalHeaders(res, portalHeaders);
    const answer = own(req, admission.target.path);
    return answer ? answer(res) : options.next(req, res);
  };
}

/** What no gateway took on the gateway's port: a probe may ask the process itself there, and all else is nobody's. */
function createOwn(options: GatewayEdge, connections: Connections): Rest {
  const own = ownPaths({ ...options, isDraining: connections.isDraining });
  return async (req, res, { target }) => {
    const answer = own(req, target.path);
    if (!answer) throw new AppError("ROUTE_NOT_FOUND", "No route of this host has this path.");
    return answer(res);
  };
}

/**
 * Other protocols (h2c), and a WebSocket by another method than its own (RFC 6455 4.1), are offers that HTTP lets us ignore; the
 * request is then answered as an ordinary one.
 */
function isWebSocket(req: IncomingMessage): boolean {
  return req.method === "GET" && req.headers.upgrade?.toLowerCase() === "websocket";
}

interface Upgrade {
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

function upgrade(
  { req, socket, head }: Upgrade,
  admission: Admission,
  connections: Connections,
  options: EdgeOptions,
): void {
  const { path, requestId, refusal } = admission;
  if (refusal && options.gateway?.refuse({ req, to: socket, admission, error: refusal }, options)) return;
  const isHotReloading = options.surface === "portal" && options.upgrades && req.url?.startsWith("/_next/");
  const isTaken =
    !refusal &&
    (isHotReloading
      ? options.upgrades?.emit("upgrade", req, socket, head)
      : options.gateway?.upgrade(req, socket, head, admission, options));
  if (isTaken && isHotReloading) connections.release(socket); // a gateway's WebSocket is a call under way
  if (!isTaken)
    refuseSocket(socket, refusal ?? notFound("WebSocket endpoint"), { path, requestId, now: options.now() });
}

/** Answers a message that is not HTTP, unless that would land in the middle, or in the place, of another answer. */
function refuseMalformed(error: Error, socket: Duplex, connections: Connections, now: Date): void {
  const res = connections.underWay(socket);
  if (res?.req.complete) res.once("close", () => socket.destroy());
  else if (!socket.writable || res?.headersSent) socket.destroy();
  else refuseSocket(socket, describeParseError(error), { path: pathOfParseError(error), requestId: newId("req"), now });
}

function receive(server: Server, connections: Connections): (socket: Socket) => boolean {
  server.emit("listening"); // from then on Node cuts off clients that never finish a head
  return (socket) => {
    if (connections.isOver()) return false;
    socket.allowHalfOpen = true; // this and the next as Node's HTTP server has it for its own
    socket.setNoDelay(true);
    server.emit("connection", socket);
    return true;
  };
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
