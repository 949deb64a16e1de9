import type { ChangeFeed } from "#lib/platform/changes";

interface Entry<T> {
  value: T;
  generation: number;
  verifiedAtMs: number;
}

interface Options<T> {
  /** Which changes drop entries: `{kind, id}` drops that id, kind `all` doubts everything. */
  kind: string;
  /** Reads the keys given in one query. Absence is not remembered: strangers' guesses must not push out what is there. */
  load: (ids: string[]) => Promise<Map<string, T>>;
  /** How many entries are kept; the ones unused longest go first. */
  max: number;
  /** The id an entry is dropped by, where it is cached under another (a key is found by its hash, dropped by its id). */
  idOf?: (value: T) => string;
}

/** Who waits for which key. */
type Waiting<T> = Map<string, { resolve: (value: T | undefined) => void; reject: (error: unknown) => void }[]>;

const unverifiedMs = 900;

/**
 * A cache whose entries live until a change is pushed. While the change feed is down an entry serves only within a second of
 * being read; when the feed is back, older entries are read again before they serve. Misses of one turn share one query.
 */
export class PushedCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #keysOfId = new Map<string, Set<string>>();
  readonly #options: Options<T>;
  readonly #feed: ChangeFeed;
  #waiting: Waiting<T> | undefined;
  /** Grows with every drop: an answer read before a drop must not be kept after it. */
  #drops = 0;

  constructor(feed: ChangeFeed, options: Options<T>) {
    this.#feed = feed;
    this.#options = options;
    feed.subscribe(({ kind, id }) => {
      if (kind === options.kind) this.#drop(id);
      else if (kind === "all") this.#drops += 1;
    });
  }

  /** How many entries it holds. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value, at once when it is cached and trustworthy. */
  get(key: string): T | undefined | Promise<T | undefined> {
    const entry = this.#entries.get(key);
    if (entry && this.#isTrusted(entry)) {
      this.#entries.delete(key); // re-inserted last: the map's order is the order of use
      this.#entries.set(key, entry);
      return entry.value;
    }
    return this.#request(key);
  }

  #isTrusted(entry: Entry<T>): boolean {
    if (this.#feed.isLive()) return entry.generation === this.#feed.generation;
    return performance.now() - entry.verifiedAtMs < unverifiedMs;
  }

  #request(key: string): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      if (!this.#waiting) {
        this.#waiting = new Map();
        setImmediate(() => void this.#loadWaiting());
      }
      const others = this.#waiting.get(key);
      if (others) others.push({ resolve, reject });
      else this.#waiting.set(key, [{ resolve, reject }]);
    });
  }

  async #loadWaiting(): Promise<void> {
    const waiting: Waiting<T> = this.#waiting ?? new Map();
    this.#waiting = undefined;
    const read = { generation: this.#feed.generation, verifiedAtMs: performance.now() };
    const drops = this.#drops;
    const callers = [...waiting].flatMap(([key, all]) => all.map((caller) => ({ key, ...caller })));
    try {
      const found = await this.#options.load([...waiting.keys()]);
      // What was dropped while we read may be in the answer as it was before: then nothing of it is kept.
      if (drops === this.#drops) for (const [key, value] of found) this.#keep(key, { value, ...read });
      for (const { key, resolve } of callers) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of callers) reject(error);
    }
  }

  #keep(key: string, entry: Entry<T>): void {
    this.#entries.set(key, entry);
    const id = this.#idOf(key, entry);
    const keys = this.#keysOfId.get(id) ?? new Set();
    this.#keysOfId.set(id, keys.add(key));
    if (this.#entries.size > this.#options.max) this.#evict();
  }

  #evict(): void {
    const oldest = this.#entries.keys().next().value;
    if (oldest === undefined) return;
    const entry = this.#entries.get(oldest);
    this.#entries.delete(oldest);
    const id = entry ? this.#idOf(oldest, entry) : oldest;
    const keys = this.#keysOfId.get(id);
    keys?.delete(oldest);
    if (keys?.size === 0) this.#keysOfId.delete(id);
  }

  #idOf(key: string, entry: Entry<T>): string {
    return this.#options.idOf?.(entry.value) ?? key;
  }

  #drop(id: string): void {
    this.#drops += 1;
    for (const key of this.#keysOfId.get(id) ?? []) this.#entries.delete(key);
    this.#keysOfId.delete(id);
  }
}
