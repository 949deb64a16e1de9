import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface OpenLoopOptions {
  port: number;
  path: string;
  /** One secret a request, in turn; empty: none is sent. */
  secrets: readonly string[];
  requestsPerSecond: number;
  seconds: number;
  connections?: number;
}

export interface OpenLoopResult {
  /** From when each request was due to its last byte, microseconds; those of the first second are left out. */
  latenciesUs: number[];
  failures: number;
}

const tickMs = 1;
const warmMs = 1_000;

/**
 * Sends requests when they are due, whatever became of those before, so that a pause of the server is seen by all the calls
 * that would have come in it (no coordinated omission). Arrivals are exponential, seen in ticks of a millisecond: what is due in
 * a tick is sent together. A request that finds every connection taken waits for one, and its wait counts.
 */
export async function openLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const { port, path, secrets, requestsPerSecond, seconds, connections = 256 } = options;
  const result: OpenLoopResult = { latenciesUs: [], failures: 0 };
  const due: { atMs: number; text: string }[] = [];
  const free: Line[] = [];
  const next = (line: Line) => {
    const waiting = due.shift();
    if (waiting) line.send(waiting.text, waiting.atMs);
    else free.push(line);
  };
  const startedMs = performance.now();
  const answered = (line: Line, status: number, dueAtMs: number) => {
    if (status !== 200) result.failures += 1;
    if (dueAtMs - startedMs > warmMs) result.latenciesUs.push((performance.now() - dueAtMs) * 1_000);
    next(line);
  };
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port, answered)));
  free.push(...lines);
  const texts = (secrets.length > 0 ? secrets : [undefined]).map((secret) => requestText(path, secret));
  const random = seeded(42);
  let [dueMs, sent] = [performance.now(), 0];
  const endMs = dueMs + seconds * 1_000;
  while (performance.now() < endMs) {
    const nowMs = performance.now();
    for (; dueMs <= nowMs; dueMs += (-Math.log(1 - random()) * 1_000) / requestsPerSecond) {
      const text = texts[sent % texts.length] ?? "";
      sent += 1;
      const line = free.pop();
      if (line) line.send(text, nowMs);
      else due.push({ atMs: nowMs, text });
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  result.failures += due.length + lines.filter((line) => line.isBusy).length;
  for (const line of lines) line.close();
  return result;
}

function requestText(path: string, secret: string | undefined): string {
  const key = secret === undefined ? "" : `X-API-Key: ${secret}\r\n`;
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${key}\r\n`;
}

/** mulberry32: every run sends at the same moments. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Answered = (line: Line, status: number, dueAtMs: number) => void;

async function openLine(port: number, answered: Answered): Promise<Line> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return new Line(socket, answered);
}

/** One connection with at most one request under way. Reads answers that say their length. */
class Line {
  isBusy = false;
  readonly #socket: Socket;
  readonly #answered: Answered;
  #dueAtMs = 0;
  #received = "";

  constructor(socket: Socket, answered: Answered) {
    this.#socket = socket;
    this.#answered = answered;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("error", () => socket.destroy());
  }

  send(text: string, dueAtMs: number): void {
    this.isBusy = true;
    this.#dueAtMs = dueAtMs;
    this.#socket.write(text, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < head + 4 + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = "";
    this.isBusy = false;
    this.#answered(this, status, this.#dueAtMs);
  }
}
