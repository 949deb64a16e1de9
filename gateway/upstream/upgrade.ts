import { type ClientRequest, type IncomingMessage, request as requestHttp, ServerResponse } from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Answer } from "#gateway/upstream/answer";
import { readAnswerHead } from "#gateway/upstream/answer-head";
import { failureOf, timedOut, unavailable } from "#gateway/upstream/failure";
import type { Delivery, Outcome, Outgoing, Target, Upstream } from "#gateway/upstream/forward";
import { type AppError, errorCatalogue, isAppError } from "#lib/core/errors";

/**
 * Passes a WebSocket handshake (RFC 6455 4) on to a target of `upstream`; once it is accepted, the two sockets are one.
 * A refusal of the upstream goes to the client as an ordinary answer, after which the socket closes. `delivery.ended` is
 * called when both directions are over, with the bytes after the handshake.
 */
export function forwardUpgrade(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  upstream: Upstream,
  outgoing: Outgoing,
  delivery: Delivery,
): void {
  new Handshake(req, socket as Socket, head, upstream, outgoing, delivery).begin();
}

const attemptsMax = 2;

class Handshake {
  readonly #req: IncomingMessage;
  readonly #socket: Socket;
  /** What the client sent before it was answered. */
  #early: Buffer[];
  readonly #upstream: Upstream;
  readonly #outgoing: Outgoing;
  readonly #delivery: Delivery;
  #target: Target | undefined;
  #request: ClientRequest | undefined;
  #peer: Duplex | undefined;
  #answer: Answer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #isSent = false;
  #isCounted = false;
  #attempts = 0;
  #status = 499;
  #sentAtMs = 0;
  #upstreamUs: number | null = null;
  #requestBytes = 0;
  #responseBytes = 0;

  constructor(
    req: IncomingMessage,
    socket: Socket,
    head: Buffer,
    upstream: Upstream,
    outgoing: Outgoing,
    delivery: Delivery,
  ) {
    this.#req = req;
    this.#socket = socket;
    this.#early = head.length > 0 ? [head] : [];
    this.#upstream = upstream;
    this.#outgoing = outgoing;
    this.#delivery = delivery;
  }

  begin(): void {
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("close", () => this.#leave());
    // Read from now on, or nobody would hear the client go; what comes too early waits.
    this.#socket.on("data", this.#keep).on("end", this.#cut);
    if (this.#socket.destroyed) this.#leave();
    else this.#attempt();
  }

  readonly #keep = (chunk: Buffer): void => {
    this.#early.push(chunk);
    this.#socket.pause();
  };

  readonly #cut = (): void => {
    this.#socket.destroy();
  };

  #attempt(): void {
    const target = this.#upstream.next(this.#target);
    if (!target) {
      this.#fail(unavailable("All instances of the service are busy."));
      return;
    }
    this.#target = target;
    this.#attempts += 1;
    target.inFlight += 1;
    this.#isCounted = true;
    const request = this.#open(target);
    this.#request = request;
    this.#await(target.connections.connectTimeoutMs, unavailable("The service cannot be reached."));
    request.once("socket", (socket) => socket.once(isSecure(target) ? "secureConnect" : "connect", () => this.#sent()));
    request.on("upgrade", (answer, peer, first) => this.#accepted(answer, peer, first));
    request.on("response", (answer) => this.#refused(answer));
    request.on("error", (error) => this.#failed(error));
    request.end();
  }

  #open(target: Target): ClientRequest {
    const open = isSecure(target) ? requestHttps : requestHttp;
    const { host, hostname, port } = new URL(target.origin);
    return open({
      agent: false, // a connection of its own: it ends with the WebSocket
      ...{ allowHalfOpen: true }, // each direction ends by itself; the types do not know it
      hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
      port,
      method: this.#outgoing.method,
      path: target.pathPrefix + this.#outgoing.path,
      headers: ["Host", host, "Connection", "Upgrade", "Upgrade", "websocket", ...this.#outgoing.headers],
      maxHeaderSize: 64 * 1024,
    });
  }

  #sent(): void {
    this.#isSent = true;
    this.#sentAtMs = performance.now();
    this.#await(this.#upstream.responseTimeoutMs, timedOut("The service did not begin its answer in time."));
  }

  #await(timeoutMs: number, error: AppError): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#failed(error), timeoutMs);
  }

  #answered(status: number): void {
    clearTimeout(this.#timer);
    this.#status = status;
    this.#upstreamUs = Math.round((performance.now() - this.#sentAtMs) * 1000);
  }

  #accepted({ rawHeaders }: IncomingMessage, peer: Duplex, first: Buffer): void {
    this.#answered(101);
    this.#peer = peer;
    peer.on("error", (error) => this.#failed(error));
    const { headers } = readAnswerHead(101, rawHeaders, { method: "GET", takesTrailers: false });
    const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"];
    const passed = this.#delivery.head(101, headers);
    for (let at = 0; at < passed.length; at += 2) lines.push(`${passed[at]}: ${passed[at + 1]}`);
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    if (first.length > 0) peer.unshift(first);
    this.#socket.off("data", this.#keep).off("end", this.#cut);
    if (this.#early.length > 0) this.#socket.unshift(Buffer.concat(this.#early));
    this.#socket.on("data", (chunk: Buffer) => {
      this.#requestBytes += chunk.length;
    });
    peer.on("data", (chunk: Buffer) => {
      this.#responseBytes += chunk.length;
    });
    this.#socket.pipe(peer);
    peer.pipe(this.#socket);
    peer.on("close", () => this.#closed());
  }

  /** The upstream's socket is gone. Its end came before, and what it had sent is on its way: let that arrive. */
  #closed(): void {
    this.#finish("answered", null);
    this.#socket.destroySoon();
  }

  /** The upstream answers something else than 101. */
  #refused(answer: IncomingMessage): void {
    const status = answer.statusCode ?? 502;
    this.#answered(status);
    const res = new ServerResponse(this.#req);
    res.shouldKeepAlive = false;
    res.assignSocket(this.#socket);
    res.on("finish", () => this.#socket.destroySoon());
    try {
      const request = { method: this.#outgoing.method, takesTrailers: true };
      this.#answer = new Answer(res, readAnswerHead(status, answer.rawHeaders, request), this.#delivery);
    } catch (error) {
      this.#failed(error);
      return;
    }
    const passed = this.#answer;
    answer.on("data", (chunk: Buffer) => {
      if (!passed.write(chunk)) answer.pause();
    });
    this.#socket.on("drain", () => answer.resume());
    answer.on("error", (error) => this.#failed(error));
    answer.on("end", () => {
      passed.complete(answer.rawTrailers);
      this.#responseBytes = passed.bytes;
      const recorded = this.#finish("answered", null);
      recorded.then(() => passed.end()).catch(() => this.#socket.destroy());
    });
  }

  #failed(cause: unknown): void {
    if (this.#isOver) return;
    const error = isAppError(cause) ? cause : failureOf(cause, this.#isSent);
    const mayRetry = !this.#isSent && this.#attempts < attemptsMax && this.#upstream.size > 0;
    if (!mayRetry) {
      this.#fail(error);
      return;
    }
    this.#abandon();
    this.#attempt();
  }

  #fail(error: AppError): void {
    const hasBegun = this.#peer !== undefined || this.#answer?.isBegun === true;
    if (hasBegun) {
      const cut = () => this.#socket.destroy();
      this.#finish("broke", error).then(cut, cut);
      return;
    }
    this.#status = errorCatalogue[error.code].status;
    this.#finish("failed", error);
    this.#abandon();
  }

  #leave(): void {
    const hasEnded = this.#peer !== undefined && this.#socket.readableEnded;
    this.#finish(hasEnded ? "answered" : "client_left", null);
    this.#abandon();
  }

  /** Cuts the connection to the upstream; its request may still report that. */
  #abandon(): void {
    this.#request?.removeAllListeners().on("error", () => {});
    this.#request?.destroy();
    this.#peer?.destroy();
    this.#release();
  }

  #release(): void {
    if (!this.#isCounted || !this.#target) return;
    this.#isCounted = false;
    this.#target.inFlight -= 1;
  }

  /** Once; later calls do nothing. */
  #finish(kind: Outcome["kind"], error: AppError | null): Promise<unknown> {
    if (this.#isOver) return Promise.resolve();
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#release();
    const recorded = this.#delivery.ended({
      kind,
      status: this.#status,
      error,
      attempts: this.#attempts,
      target: this.#target?.name ?? null,
      upstreamUs: this.#upstreamUs,
      requestBytes: this.#requestBytes,
      responseBytes: this.#answer?.bytes ?? this.#responseBytes,
    });
    recorded.catch(() => {}); // whoever records a call reports what goes wrong with that
    return recorded;
  }
}

const isSecure = ({ origin }: Target): boolean => origin.startsWith("https:");
