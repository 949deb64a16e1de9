import type { Pool } from "pg";
import { type Configuration, readConfiguration } from "#gateway/read-configuration";
import type { Snapshot } from "#gateway/snapshot";
import type { ChangeFeed } from "#lib/platform/changes";

export interface ReloadOptions {
  pool: Pool;
  changes: ChangeFeed;
  build: (configuration: Configuration) => Snapshot;
  logger: { warn(fields: object, message: string): void };
  /** Monotonic, milliseconds. */
  nowMs?: () => number;
}

export interface LiveSnapshot {
  current(): Snapshot;
  /** How old what `current` serves by may be at most, seconds: 0 while every change is heard. */
  ageSeconds(): number;
  close(): Promise<void>;
}

const kinds: ReadonlySet<string> = new Set(["gateway", "tenant", "all"]);
const watchMs = 200;
const unread = -1;
/** While changes are not heard, the configuration is read again this often: within a second, reading included. */
const unheardMs = 600;

/**
 * Keeps a snapshot of what is in the database: read anew as a whole when a change is pushed, and again and again while changes
 * cannot be heard. What cannot be read leaves the last snapshot standing: routes go on through a loss of PostgreSQL.
 */
export async function openSnapshot({
  pool,
  changes,
  build,
  logger,
  nowMs = () => performance.now(),
}: ReloadOptions): Promise<LiveSnapshot> {
  let snapshot: Snapshot | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let readGeneration = unread;
  let running: Promise<void> | undefined;
  let isWanted = false;

  async function read(): Promise<void> {
    const generation = changes.generation;
    const askedAtMs = nowMs();
    snapshot = build(await readConfiguration(pool));
    readAtMs = askedAtMs;
    if (!isWanted) readGeneration = generation;
  }

  /** One reading at a time; what changes while it runs asks for one more. */
  async function reload(): Promise<void> {
    isWanted = true;
    readGeneration = unread; // so that a reading that fails is tried again
    running ??= (async () => {
      while (isWanted) {
        isWanted = false;
        await read();
      }
    })().finally(() => {
      running = undefined;
    });
    return running;
  }

  const reloadOrWarn = () =>
    reload().catch((error: unknown) => logger.warn({ err: error }, "the gateway's configuration could not be read"));
  changes.subscribe(({ kind }) => {
    if (kinds.has(kind)) void reloadOrWarn();
  });
  await reload();
  const isTrusted = () => changes.isLive() && readGeneration === changes.generation;
  const watch = setInterval(() => {
    if (!running && !isTrusted() && (changes.isLive() || nowMs() - readAtMs > unheardMs)) void reloadOrWarn();
  }, watchMs);
  watch.unref();

  return {
    current() {
      if (!snapshot) throw new Error("The gateway's configuration was never read.");
      return snapshot;
    },
    ageSeconds: () => (isTrusted() ? 0 : (nowMs() - readAtMs) / 1000),
    async close() {
      clearInterval(watch);
      await running?.catch(() => undefined);
    },
  };
}
