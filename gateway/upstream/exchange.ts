import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { Answer } from "#gateway/upstream/answer";
import { readAnswerHead } from "#gateway/upstream/answer-head";
import type { Carried, Connection, Connections } from "#gateway/upstream/connections";
import { failureOf, isReset, timedOut, unavailable } from "#gateway/upstream/failure";
import type { Delivery, Outcome, Outgoing, Target, Upstream } from "#gateway/upstream/forward";
import { declaredLength, discardRest, gather, gatheredBytesMax, Upload } from "#gateway/upstream/upload";
import { type AppError, errorCatalogue, isAppError } from "#lib/core/errors";

type Controller = Dispatcher.DispatchController;

const attemptsMax = 2;
/** Sending these twice is as good as once (RFC 9110 9.2.2). */
const repeatable = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
const givenUp = new Error("Nobody waits for this request any more.");

/** One request under way: undici's handler and all of its state in one object, because one is made for every call. */
export class Exchange implements Dispatcher.DispatchHandler, Carried {
  connection: Connection | null = null;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #upstream: Upstream;
  readonly #outgoing: Outgoing;
  readonly #delivery: Delivery;
  #headers: string[];
  #body: Buffer | Upload | null = null;
  #target: Target | undefined = undefined;
  #isCounted = false;
  #queue: Connections | null = null;
  #waitTimer: NodeJS.Timeout | undefined = undefined;
  #totalTimer: NodeJS.Timeout | undefined = undefined;
  #controller: Controller | null = null;
  #forgetSocket: (() => void) | null = null;
  #answer: Answer | null = null;
  #isHeard = false;
  #listensForDrain = false;
  #isOver = false;
  #attempts = 0;
  #requestBytes = 0;
  #sentAtMs = 0;
  #upstreamUs: number | null = null;

  constructor(req: IncomingMessage, res: ServerResponse, upstream: Upstream, outgoing: Outgoing, delivery: Delivery) {
    this.#req = req;
    this.#res = res;
    this.#upstream = upstream;
    this.#outgoing = outgoing;
    this.#delivery = delivery;
    this.#headers = withoutExpect(outgoing.headers);
  }

  begin(): void {
    const res = this.#res;
    const leave = () => this.#leave();
    res.on("close", leave);
    // An answer that waits behind an earlier one of its connection has no socket yet, and would not hear of its end.
    const { socket } = this.#req;
    if (!res.socket) {
      socket.once("close", leave);
      this.#forgetSocket = () => socket.off("close", leave);
    }
    if (res.destroyed) {
      leave();
      return;
    }
    const { totalTimeoutMs } = this.#upstream;
    if (totalTimeoutMs !== null) this.#totalTimer = setTimeout(() => this.#expire(), totalTimeoutMs);
    const { body } = this.#outgoing;
    if (body === null) this.#attempt();
    else this.#prepare(body);
  }

  #prepare(body: IncomingMessage): void {
    const length = declaredLength(this.#req);
    if (length === 0) {
      this.#attempt(); // undici says `Content-Length: 0` where the method leads one to expect a body
      return;
    }
    if (length !== null && length <= gatheredBytesMax) {
      gather(body, (bytes) => {
        this.#body = bytes;
        if (!this.#isOver) this.#attempt();
      });
      return;
    }
    this.#body = new Upload(body);
    if (length !== null) this.#headers = [...this.#headers, "content-length", String(length)];
    this.#attempt();
  }

  /** `failure`: of the attempt before. */
  #attempt(failure?: AppError): void {
    const target = this.#upstream.next(this.#target);
    if (!target || target.connections.isCrowded) {
      this.#fail(failure ?? unavailable("All instances of the service are busy."));
      return;
    }
    const { connections, pathPrefix } = target;
    this.#target = target;
    this.#attempts += 1;
    target.inFlight += 1;
    this.#isCounted = true;
    const options = {
      path: pathPrefix + this.#outgoing.path,
      method: this.#outgoing.method,
      headers: this.#headers,
      body: this.#body,
      headersTimeout: this.#upstream.responseTimeoutMs,
      bodyTimeout: 0, // a stream may be silent for as long as its ends like
    };
    const attempt = this.#attempts;
    const isRoomy = connections.dispatch(options, this);
    if (!isRoomy && this.connection === null && !this.#isOver && attempt === this.#attempts) this.#wait(connections);
  }

  /** Every connection is taken. undici cannot forget a queued request: it is refused when its turn comes (`givenUp`). */
  #wait(connections: Connections): void {
    this.#queue = connections;
    connections.waiting += 1;
    this.#waitTimer = setTimeout(
      () => this.#fail(unavailable("No connection to the service became free in time.")),
      connections.connectTimeoutMs,
    );
  }

  #leaveQueue(): void {
    if (!this.#queue) return;
    this.#queue.waiting -= 1;
    this.#queue = null;
    clearTimeout(this.#waitTimer);
  }

  onRequestStart(controller: Controller): void {
    this.#leaveQueue();
    if (this.#isOver || this.#controller) throw givenUp; // the connection stays good for others
    this.#controller = controller;
    if (this.#body) this.#sentAtMs = performance.now();
  }

  onBodySent(chunk: Buffer): void {
    this.#requestBytes += chunk.length;
  }

  onRequestSent(): void {
    this.#sentAtMs = performance.now();
  }

  onResponseStarted(): void {
    this.#isHeard = true;
  }

  onResponseStart(controller: Controller, status: number): void {
    if (status < 200) return; // 103 and the like are between the upstream and us
    this.#upstreamUs = Math.round((performance.now() - this.#sentAtMs) * 1000);
    const request = { method: this.#outgoing.method, takesTrailers: this.#req.httpVersionMinor > 0 };
    const head = readAnswerHead(status, rawOf(controller.rawHeaders), request);
    this.#answer = new Answer(this.#res, head, this.#delivery);
    this.#upstream.heads.add(this.#answer);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#isOver || !this.#answer || this.#answer.write(chunk)) return;
    controller.pause();
    if (this.#listensForDrain) return;
    this.#listensForDrain = true;
    this.#res.on("drain", () => this.#isOver || controller.resume());
  }

  onResponseEnd(controller: Controller): void {
    if (this.connection) this.connection.answers += 1;
    const answer = this.#answer;
    if (this.#isOver || !answer) return;
    answer.complete(rawOf(controller.rawTrailers));
    const recorded = this.#end("answered", answer.status, null);
    this.#discardRest();
    recorded.then(
      () => answer.end(),
      () => this.#res.destroy(),
    );
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.#leaveQueue();
    if (this.#isOver) return;
    const failure = isAppError(error) ? error : failureOf(error, this.#controller !== null);
    if (this.#mayRetry(error, failure)) this.#retry(failure);
    else this.#fail(failure);
  }

  /** Where nothing was sent, or a connection that lay idle turned out dead under a request that may be repeated. */
  #mayRetry(error: Error, failure: AppError): boolean {
    if (this.#attempts >= attemptsMax || this.#upstream.size === 0) return false;
    if (!this.#controller) return failure.code === "UPSTREAM_UNAVAILABLE";
    const wasIdle = (this.connection?.answers ?? 0) > 0;
    const isRepeatable = this.#body === null && repeatable.has(this.#outgoing.method);
    return wasIdle && isRepeatable && !this.#isHeard && isReset(error);
  }

  #retry(failure: AppError): void {
    this.#release();
    this.#controller = null;
    this.connection = null;
    this.#attempt(failure);
  }

  #leave(): void {
    if (this.#isOver) return;
    if (this.#answer) this.#answer.isComplete = true;
    this.#end("client_left", this.#answer?.status ?? 499, null).catch(ignore);
    this.#controller?.abort(givenUp);
  }

  #expire(): void {
    this.#fail(timedOut("The service did not complete its answer in time."));
  }

  #fail(error: AppError): void {
    if (this.#isOver) return;
    const answer = this.#answer;
    if (answer?.isBegun) {
      const cut = () => this.#res.destroy();
      this.#end("broke", answer.status, error).then(cut, cut);
    } else {
      if (answer) answer.isComplete = true; // its head must not be sent any more
      this.#end("failed", errorCatalogue[error.code].status, error).catch(ignore);
    }
    this.#controller?.abort(error);
    this.#discardRest();
  }

  #end(kind: Outcome["kind"], status: number, error: AppError | null): Promise<unknown> {
    this.#isOver = true;
    this.#release();
    clearTimeout(this.#waitTimer);
    clearTimeout(this.#totalTimer);
    this.#forgetSocket?.();
    const outcome = {
      kind,
      status,
      error,
      attempts: this.#attempts,
      target: this.#target?.name ?? null,
      upstreamUs: this.#upstreamUs,
      requestBytes: this.#requestBytes,
      responseBytes: this.#answer?.bytes ?? 0,
    };
    try {
      return this.#delivery.ended(outcome);
    } catch (fault) {
      return Promise.reject(fault); // undici would swallow it, and the client wait for ever
    }
  }

  #release(): void {
    if (!this.#isCounted || !this.#target) return;
    this.#isCounted = false;
    this.#target.inFlight -= 1;
  }

  #discardRest(): void {
    if (this.#outgoing.body === null) return;
    if (this.#body instanceof Upload) this.#body.destroy();
    discardRest(this.#req);
  }
}

/** Whether to wait is settled with the client before a request is forwarded; undici knows no `Expect`. */
function withoutExpect(headers: readonly string[]): string[] {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.length !== 6 || headers[at]?.toLowerCase() !== "expect") continue;
    return withoutExpect(headers.toSpliced(at, 2));
  }
  return headers as string[]; // undici takes no readonly array, and leaves it as it is
}

/** Whoever records a call reports what goes wrong with that. */
function ignore(): void {}

function rawOf(raw: Controller["rawHeaders"]): readonly (Buffer | string)[] {
  return Array.isArray(raw) ? raw : [];
}
