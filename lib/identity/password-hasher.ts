import { hash, verify } from "@node-rs/argon2";
import { AppError } from "#lib/core/errors";

declare module "#lib/platform/runtime" {
  interface Runtime {
    passwords: PasswordHasher;
  }
}

/** OWASP's second recommendation for Argon2id: 19 MiB, 2 passes, 1 lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

interface Bounds {
  concurrentMax: number;
  waitingMax: number;
}

/** Argon2id, a few at a time: each takes 19 MiB and a core, and the same cores serve everybody else's requests. */
export class PasswordHasher {
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  #decoy: Promise<string> | undefined;
  readonly #bounds: Bounds;

  constructor(bounds: Bounds = { concurrentMax: 2, waitingMax: 200 }) {
    this.#bounds = bounds;
  }

  /** Takes a normalized password. Throws AUTH_BACKEND_UNAVAILABLE when too many wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, cost));
  }

  /** Without a hash (nobody has that address) it does the same work on a decoy and says no. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const compared = passwordHash ?? (await this.#decoyHash());
    const matches = await this.#inTurn(() => verify(compared, password));
    return matches && passwordHash !== null;
  }

  /** Made once. A failure is not kept: it would tell unknown addresses apart until the process ends. */
  #decoyHash(): Promise<string> {
    this.#decoy ??= this.hash("a decoy, so that an unknown address costs what a known one does").catch(
      (error: unknown) => {
        this.#decoy = undefined;
        throw error;
      },
    );
    return this.#decoy;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#bounds.concurrentMax) this.#running += 1;
    else await this.#turn(); // whoever finishes hands over its place
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#bounds.waitingMax) {
      throw new AppError("AUTH_BACKEND_UNAVAILABLE", "Too many people are signing in right now.", {
        retryAfterSeconds: 5,
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
