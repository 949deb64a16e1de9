import type { ServerResponse } from "node:http";
import { type AnswerHead, readTrailers } from "#gateway/upstream/answer-head";
import type { Delivery } from "#gateway/upstream/forward";

/** Up to this length head and body are joined to one string: a copy costs less than a write of two buffers. */
const joinedBytesMax = 8 * 1024;

/**
 * An upstream's answer on its way to the client. Whatever would make it complete for the client is held until `end`:
 * the last bytes under a Content-Length, the whole head of an answer without a body, the last chunk.
 */
export class Answer {
  readonly status: number;
  /** Of the body, the held ones included. */
  bytes = 0;
  /** The client has got something, or will in this turn. */
  isBegun = false;
  /** Nothing more comes from the upstream. */
  isComplete = false;
  readonly #res: ServerResponse;
  readonly #head: AnswerHead;
  readonly #delivery: Delivery;
  #held: Buffer | null = null;

  constructor(res: ServerResponse, head: AnswerHead, delivery: Delivery) {
    this.status = head.status;
    this.#res = res;
    this.#head = head;
    this.#delivery = delivery;
  }

  /** False: wait for `drain` of the response. */
  write(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.#head.length !== null && this.bytes >= this.#head.length) {
      this.#held = chunk;
      return true;
    }
    this.#begin();
    return this.#res.write(chunk);
  }

  /** Sends a head whose body lets itself be waited for. */
  prompt(): void {
    if (this.isBegun || this.isComplete || this.#head.length === 0) return;
    try {
      this.#begin();
      this.#res.flushHeaders();
    } catch (error) {
      this.#res.destroy(error as Error); // nobody above to catch it
    }
  }

  /** The upstream is done. The head is made here if it was not before, so that nothing can fail after `end` was promised. */
  complete(rawTrailers: readonly (Buffer | string)[]): void {
    this.#begin();
    this.isComplete = true;
    if (rawTrailers.length > 0 && this.#res.chunkedEncoding) this.#res.addTrailers(readTrailers(rawTrailers));
  }

  /** Lets the last byte go. */
  end(): void {
    if (this.#res.destroyed) return;
    const held = this.#held;
    if (!held) this.#res.end();
    else if (held.length > joinedBytesMax) this.#res.end(held);
    else this.#res.end(held.toString("latin1"), "latin1");
  }

  #begin(): void {
    if (this.isBegun) return;
    this.isBegun = true;
    this.#res.writeHead(this.status, this.#delivery.head(this.status, this.#head.headers));
  }
}

/** Heads that came without their bodies are sent together at the end of the event loop's turn. */
export class PromptHeads {
  #answers: Answer[] = [];
  readonly #flush = (): void => {
    const answers = this.#answers;
    this.#answers = [];
    for (const answer of answers) answer.prompt();
  };

  add(answer: Answer): void {
    if (this.#answers.push(answer) === 1) setImmediate(this.#flush);
  }
}
