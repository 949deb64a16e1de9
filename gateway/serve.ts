import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Admission } from "#gateway/admit";
import { type AnswerHead, createAnswerHeads } from "#gateway/answer-head";
import type { CompiledRoute } from "#gateway/compile";
import { deliver } from "#gateway/deliver";
import type { Exchange, Verdict } from "#gateway/exchange";
import { answer, fail } from "#gateway/fail";
import { headerOf } from "#gateway/head";
import type { MethodMissing } from "#gateway/match-route";
import { isLoop, outgoingHeaders, outgoingPath } from "#gateway/outgoing-head";
import { isOwnPath } from "#gateway/own-paths";
import { runChecks } from "#gateway/pipeline";
import type { ServiceRow } from "#gateway/read-configuration";
import { recordExchange } from "#gateway/record-exchange";
import { answerOwn, refuse } from "#gateway/refuse";
import { refuseStray, type Stray } from "#gateway/refuse-stray";
import { type LiveSnapshot, openSnapshot } from "#gateway/reload";
import { buildSnapshot, type DomainOwner, type Snapshot } from "#gateway/snapshot";
import { openPreparedLimits } from "#gateway/steps/count-limits";
import { forward } from "#gateway/upstream/forward";
import { forwardUpgrade } from "#gateway/upstream/upgrade";
import { openUpstreams, type ServiceAddress } from "#gateway/upstream/upstreams";
import { AppError, isAppError } from "#lib/core/errors";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { decide } from "#lib/usage/decision-codes";

/** How a request came in. */
export interface Entrance {
  readonly surface: "portal" | "gateway";
  /** The client waits for our word before it sends the body. */
  readonly expectsContinue?: boolean;
}

/** The data plane: everything that is served before Next. */
export interface Gateway {
  /** True if this is the gateway's business: then it is, or will be, answered. */
  handle(req: IncomingMessage, res: ServerResponse, admission: Admission, entrance: Entrance): boolean;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission, entrance: Entrance): boolean;
  /** True if it is here that a request which admission refused is recorded and answered, in the words of its host. */
  refuse(stray: Omit<Stray, "owner">, entrance: Entrance): boolean;
  /** How old the configuration it serves by may be at most, seconds. */
  configurationAgeSeconds(): number;
  close(): Promise<void>;
}

/** Reads the configuration and serves by it from then on. Rejects when it cannot be read. */
export async function openGateway(): Promise<Gateway> {
  const { postgres, changes, logger } = runtime();
  composeRuntime({ preparedLimits: openPreparedLimits() });
  const upstreams = openUpstreams();
  const live = await openSnapshot({
    pool: postgres.platform,
    changes,
    logger,
    build(configuration) {
      const skip = ({ id }: { id: string }, error: unknown) =>
        logger.error({ err: error, route_id: id }, "a route cannot be served as it is stored");
      const snapshot = buildSnapshot(configuration, (service) => upstreams.of(addressOf(service)), skip);
      upstreams.retain(snapshot.serviceIds);
      return snapshot;
    },
  });
  const answerHead = createAnswerHeads();
  return {
    handle: (req, res, admission, entrance) =>
      admission.target.path !== "*" && // OPTIONS * is about the server, not about anything it serves
      take({ req, res, admission, entrance }, live, (exchange) => pass(exchange, res, entrance, answerHead)),
    upgrade: (req, socket, head, admission, entrance) =>
      take({ req, socket, admission, entrance }, live, (exchange) => passUpgrade(exchange, socket, head, answerHead)),
    refuse(stray, { surface }) {
      const owner = live.current().ownerOf(hostName(stray.admission.origin.host));
      if (surface === "portal" && !owner) return false;
      refuseStray({ ...stray, owner });
      return true;
    },
    configurationAgeSeconds: () => live.ageSeconds(),
    async close() {
      await live.close();
      await upstreams.close();
    },
  };
}

function addressOf(service: ServiceRow): ServiceAddress {
  return {
    id: service.id,
    baseUrl: service.base_url,
    targets: service.targets.map(({ max_connections, ...target }) => ({ ...target, maxConnections: max_connections })),
    connectTimeoutMs: service.connect_timeout_ms,
    responseTimeoutMs: service.response_timeout_ms,
    totalTimeoutMs: service.total_timeout_ms,
  };
}

interface Arrival {
  req: IncomingMessage;
  res?: ServerResponse;
  socket?: Duplex;
  admission: Admission;
  entrance: Entrance;
}

/** Finds the route, runs its checks, and hands over to `passed` when nothing spoke against it. */
function take(arrival: Arrival, live: LiveSnapshot, passed: (exchange: Exchange) => void): boolean {
  const { req, res = null, socket = null, admission, entrance } = arrival;
  const snapshot = live.current();
  const host = hostName(admission.origin.host);
  const owner = snapshot.ownerOf(host);
  const isOnPortal = entrance.surface === "portal" && !owner;
  const method = req.method ?? "GET";
  const found = findRoute(snapshot, isOnPortal ? null : host, method, admission);
  if (!found) return !isOnPortal && refuseRouteless(arrival, owner);
  const exchange: Exchange = {
    req,
    res,
    socket,
    method,
    admission,
    isOnPortal,
    startedAtMs: performance.now(),
    occurredAtMs: Date.now(),
    route: "route" in found ? found.route : found.nearest,
    restAt: "route" in found ? found.restAt : 0,
    trace: [],
    key: null,
    credential: null,
    limits: null,
    isRecorded: false,
  };
  const settle = (verdict: Verdict, error?: unknown) => {
    try {
      if (error !== undefined) fail(exchange, error);
      else if (verdict === undefined) passed(exchange);
      else answer(exchange, isAppError(verdict) ? refuse(exchange, verdict) : answerOwn(exchange, verdict));
    } catch (fault) {
      fail(exchange, fault); // or one call's fault would be the process's
    }
  };
  if ("route" in found) {
    decide(exchange.trace, "route_matched");
    runChecks(exchange, found.route.checks, settle);
  } else settle(refuseMethod(exchange, found));
  return true;
}

type Found = ReturnType<Snapshot["findOnPortal"]>;

/** The route of a request; a preflight asks for the method it announces. `host` is null on the portal's own. */
function findRoute(snapshot: Snapshot, host: string | null, method: string, { target, head }: Admission): Found {
  const find = (wanted: Parameters<Snapshot["findOnPortal"]>[0]) =>
    host === null ? snapshot.findOnPortal(wanted) : snapshot.findOnHost(host, wanted);
  const { path } = target;
  if (method === "OPTIONS" && head.origin !== undefined && head.requestedMethod !== undefined) {
    const announced = find({ method: head.requestedMethod, path }); // a preflight carries no headers to match by
    if (announced && "route" in announced && announced.route.cors) return announced;
  }
  return find({ method, path, header: (name) => headerOf(head, name) });
}

/** The host of a Host header, without port, in lower case. */
function hostName(host: string): string {
  const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":", 1)[0] ?? "");
  return name.toLowerCase().replace(/\.$/, "");
}

function refuseMethod({ trace, method }: Exchange, { allow }: MethodMissing<CompiledRoute>): AppError {
  decide(trace, "method_not_routed");
  const methods = allow.includes("GET") && !allow.includes("HEAD") ? [...allow, "HEAD"] : allow;
  return new AppError("METHOD_NOT_ALLOWED", `This path takes ${methods.join(", ")}, not ${method}.`, {
    headers: { allow: methods.join(", ") },
  });
}

/** On a gateway's host what has no route is nobody's; but a probe may ask the process itself on a host that is nobody's. */
function refuseRouteless({ req, res, socket, admission }: Arrival, owner: DomainOwner | undefined): boolean {
  const to = res ?? socket;
  if (!to || (!owner && isOwnPath(admission.target.path))) return false;
  const error = new AppError("ROUTE_NOT_FOUND", "No route of this host has this path.");
  refuseStray({ req, to, admission, error, owner });
  return true;
}

/** Off it goes, with the answer streaming back. */
function pass(exchange: Exchange, res: ServerResponse, { expectsContinue }: Entrance, answerHead: AnswerHead): void {
  const { req, admission, route } = exchange;
  if (isLoop(admission.head.via)) {
    refuseLoop(exchange);
    return;
  }
  if (res.destroyed) {
    recordGone(exchange);
    return;
  }
  if (expectsContinue) res.writeContinue();
  const { isChunked, contentLength } = admission.head;
  const body = isChunked || contentLength !== undefined ? req : null;
  const outgoing = { method: exchange.method, path: outgoingPath(exchange), headers: outgoingHeaders(exchange), body };
  forward(req, res, route.upstream, outgoing, deliver(exchange, answerHead));
}

function passUpgrade(exchange: Exchange, socket: Duplex, head: Buffer, answerHead: AnswerHead): void {
  if (isLoop(exchange.admission.head.via)) {
    refuseLoop(exchange);
    return;
  }
  const outgoing = {
    method: exchange.method,
    path: outgoingPath(exchange),
    headers: outgoingHeaders(exchange),
    body: null,
  };
  forwardUpgrade(exchange.req, socket, head, exchange.route.upstream, outgoing, deliver(exchange, answerHead));
}

/** The client left while we checked: nothing goes upstream. */
function recordGone(exchange: Exchange): void {
  decide(exchange.trace, "client_left", 0);
  const nothing = { errorCode: null, requestBytes: 0, responseBytes: 0, upstream: null };
  void recordExchange(exchange, { status: 499, outcome: "client_left", ...nothing });
}

function refuseLoop(exchange: Exchange): void {
  decide(exchange.trace, "upstream_loops");
  const detail = "The request goes round in circles: this gateway leads to itself.";
  answer(exchange, refuse(exchange, new AppError("UPSTREAM_ERROR", detail)));
}
