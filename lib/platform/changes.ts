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
const heartbeatMs = 1_000;

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
    return performance.now() - this.#lastBeatMs < 2 * heartbeatMs;
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
      connectionTimeoutMillis: heartbeatMs,
      query_timeout: heartbeatMs,
      keepAlive: true,
    });
    client.on("notification", (message) => this.#heard(message.payload));
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client));
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    this.#client = client;
    this.generation += 1; // listening first, then everything cached is doubted once
    this.#lastBeatMs = performance.now();
  }

  async #beat(): Promise<void> {
    if (this.#closed) return;
    const client = this.#client;
    try {
      if (!client) return await this.#connect();
      await client.query("SELECT 1");
      if (this.#client === client) this.#lastBeatMs = performance.now();
    } catch (error) {
      if (client) this.#lost(client, error);
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
