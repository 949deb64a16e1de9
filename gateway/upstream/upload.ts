import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** Up to this length a body is read before a connection is taken: one write then carries the whole request. */
export const gatheredBytesMax = 16 * 1024;

/**
 * A request's body for undici, which destroys what it is given: then the client's connection must still live, to carry
 * the answer. Nothing is read before undici reads.
 */
export class Upload extends Readable {
  readonly #source: IncomingMessage;
  #isOpen = false;

  constructor(source: IncomingMessage) {
    super({ highWaterMark: 64 * 1024 });
    this.#source = source;
  }

  override _read(): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#source.on("data", this.#take).on("end", this.#finish);
    }
    this.#source.resume();
  }

  override _destroy(_reason: Error | null, done: (error?: Error | null) => void): void {
    this.#source.off("data", this.#take).off("end", this.#finish);
    done(null); // whoever destroys it knows why; an 'error' would need a listener
  }

  readonly #take = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#source.pause();
  };

  readonly #finish = (): void => {
    this.push(null);
  };
}

/** How long so little may take. A client that is slower would keep a connection for nothing. */
const gatherMs = 30_000;

/** Calls `done` with the whole body once it is there; never if the client leaves before, or is cut off because it takes too long. */
export function gather(body: IncomingMessage, done: (bytes: Buffer) => void, timeoutMs = gatherMs): void {
  const chunks: Buffer[] = [];
  if (!body.complete) {
    const cut = setTimeout(() => body.complete || body.destroy(), timeoutMs).unref();
    body.once("close", () => clearTimeout(cut));
  }
  body.on("data", (chunk: Buffer) => chunks.push(chunk));
  body.on("end", () => {
    const [only] = chunks;
    done(chunks.length === 1 && only ? only : Buffer.concat(chunks));
  });
}

/** The declared length of a request's body; null when it comes in chunks. */
export function declaredLength({ rawHeaders }: IncomingMessage): number | null {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 14 && name.toLowerCase() === "content-length") return Number(rawHeaders[at + 1]);
  }
  return null;
}

/** How long a client may go on sending what nobody reads any more. Closing at once could cost it the answer (RFC 9112 9.6). */
const lingerMs = 5_000;

/** Reads what is left of a request that was answered early and drops it; cuts the connection if that takes too long. */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  req.resume();
  const cut = setTimeout(() => req.complete || req.destroy(), lingerMs).unref();
  req.once("close", () => clearTimeout(cut));
}
