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
  /** How many entries are kept at most; those unused for long go first, half of them at a time. */
  max: number;
  /** The id an entry is dropped by, where it is cached under another (a key is found by its hash, dropped by its id). */
  idOf?: (value: T) => string;
}

/** Who waits for which key. */
type Waiting<T> = Map<string, { resolve: (value: T | undefined) => void; reject: (error: unknown) => void }[]>;

const unverifiedMs = 900;

/** Half of what a cache holds: entries, and under which keys an id has them (most ids have one). */
interface Half<T> {
  entries: Map<string, Entry<T>>;
  keysOfId: Map<string, string | Set<string>>;
}

const emptyHalf = <T>(): Half<T> => ({ entries: new Map(), keysOfId: new Map() });

/**
 * A cache whose entries live until a change is pushed. While the change feed is down an entry serves only within a second of
 * being read; when the feed is back, older entries are read again before they serve. Misses of one turn share one query.
 */
export class PushedCache<T> {
  /** What was used since the halves changed places, and what was used before: when the first is full, the second goes. */
  #young: Half<T> = emptyHalf();
  #old: Half<T> = emptyHalf();
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
    return this.#young.entries.size + this.#old.entries.size;
  }

  /** The value, at once when it is cached and trustworthy. */
  get(key: string): T | undefined | Promise<T | undefined> {
    const entry = this.#young.entries.get(key) ?? this.#rejuvenate(key);
    if (entry && this.#isTrusted(entry)) return entry.value;
    return this.#request(key);
  }

  #rejuvenate(key: string): Entry<T> | undefined {
    const entry = this.#old.entries.get(key);
    if (entry) {
      this.#old.entries.delete(key);
      this.#keep(key, entry);
    }
    return entry;
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
    if (this.#young.entries.size >= this.#options.max / 2) {
      this.#old = this.#young;
      this.#young = emptyHalf();
    }
    this.#young.entries.set(key, entry);
    const id = this.#options.idOf?.(entry.value);
    if (id === undefined) return; // then the key is the id
    const known = this.#young.keysOfId.get(id);
    if (known === undefined || known === key) this.#young.keysOfId.set(id, key);
    else if (typeof known === "string") this.#young.keysOfId.set(id, new Set([known, key]));
    else known.add(key);
  }

  #drop(id: string): void {
    this.#drops += 1;
    for (const { keysOfId } of [this.#young, this.#old]) {
      const keys = keysOfId.get(id) ?? id;
      for (const key of typeof keys === "string" ? [keys] : keys) {
        this.#young.entries.delete(key);
        this.#old.entries.delete(key);
      }
      keysOfId.delete(id);
    }
  }
}
