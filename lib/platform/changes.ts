import { Client } from "pg";
import type { Logger } from "pino";
import type { Env } from "#lib/platform/env";

/** What changed: a kind of thing and its id; kind `all` means anything may have. Ids only, never data. */
export interface Change {
  kind: string;
  id: string;
}

type Listener = (change: Change) => void;
type Executor = { $executeRaw: (query: TemplateStringsArray, ...values: unknown[]) => Promise<number> };

declare module "#lib/platform/runtime" {
  interface Runtime {
    changes: ChangeFeed;
  }
}

const channel = "portico";
const heartbeatMs = 300;
const answerMaxMs = 1_000;
/** With an answer older than this the connection is taken for lost: what is revoked stops within a second even then. */
const silenceMaxMs = 900;

/** Tells every process, when the transaction commits, that a thing changed. */
export async function notifyChange(tx: Executor, change: Change): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('portico', ${JSON.stringify(change)})`;
}

/**
 * The process's ear for committed changes. It has its own connection with a heartbeat; while that is lost, caches are told
 * so (`isLive`), and when it is back the generation grows, so that what was cached before is verified again before use.
 */
export class ChangeFeed {
  generation = 0;
  #lastBeatMs = Number.NEGATIVE_INFINITY;
  #client: Client | undefined;
  #closed = false;
  #isBeating = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<Listener>();
  readonly #env: Pick<Env, "DATABASE_URL" | "LISTEN_DATABASE_URL">;
  readonly #logger: Logger;

  constructor(env: Pick<Env, "DATABASE_URL" | "LISTEN_DATABASE_URL">, logger: Logger) {
    this.#env = env;
    this.#logger = logger;
  }

  /** Whether a change committed a second ago would have been heard. */
  isLive(): boolean {
    return performance.now() - this.#lastBeatMs < silenceMaxMs;
  }

  subscribe(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /** Connects and keeps reconnecting until `close`. Resolves once the first connection listens. */
  async open(): Promise<void> {
    await this.#connect();
    this.#timer = setInterval(() => void this.#beat(), heartbeatMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#env.LISTEN_DATABASE_URL ?? this.#env.DATABASE_URL,
      application_name: "portico listen",
      connectionTimeoutMillis: answerMaxMs,
      query_timeout: answerMaxMs,
      keepAlive: true,
    });
    client.on("notification", (message) => this.#heard(message.payload));
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client));
    try {
      await client.connect();
      const askedAtMs = performance.now();
      await client.query(`LISTEN ${channel}`);
      if (this.#closed) throw new Error("closed meanwhile");
      this.#client = client;
      this.generation += 1; // listening first, then everything cached is doubted once
      this.#lastBeatMs = askedAtMs;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** One at a time: a slow answer must not be joined by a second question, nor a slow connection by a second one. */
  async #beat(): Promise<void> {
    if (this.#closed || this.#isBeating) return;
    this.#isBeating = true;
    const client = this.#client;
    const askedAtMs = performance.now();
    try {
      if (!client) return await this.#connect();
      await client.query("SELECT 1");
      // What was asked then was answered: until then, everything was heard.
      if (this.#client === client) this.#lastBeatMs = askedAtMs;
    } catch (error) {
      if (client) this.#lost(client, error);
    } finally {
      this.#isBeating = false;
    }
  }

  #lost(client: Client, error?: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#lastBeatMs = Number.NEGATIVE_INFINITY;
    if (!this.#closed) this.#logger.warn({ err: error }, "the connection that hears changes was lost");
    void client.end().catch(() => undefined);
  }

  #heard(payload: string | undefined): void {
    const change = readChange(payload);
    if (change.kind === "all") this.generation += 1;
    for (const listener of this.#listeners) listener(change);
  }
}

/** A payload we cannot read may mean anything, so it is taken to mean everything. */
function readChange(payload: string | undefined): Change {
  try {
    const { kind, id } = JSON.parse(payload ?? "") as Partial<Change>;
    if (typeof kind === "string") return { kind, id: typeof id === "string" ? id : "" };
  } catch {
    // falls through
  }
  return { kind: "all", id: "" };
}
