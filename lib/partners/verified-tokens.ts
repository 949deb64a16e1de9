import type { VerifiedClaims } from "#lib/identity/tokens";
import { sha256 } from "#lib/platform/crypto";

type Claims = VerifiedClaims<"partner">;

declare module "#lib/platform/runtime" {
  interface Runtime {
    partnerTokens: VerifiedTokens;
  }
}

/**
 * The tokens whose signature this process has verified, by their digest: a signature is good or not, for good. Whether the token
 * still counts is asked elsewhere, each time. Holds at most `max`; the ones unused longest go first.
 */
export class VerifiedTokens {
  readonly #claims = new Map<string, Claims>();
  readonly #max: number;

  constructor(max = 50_000) {
    this.#max = max;
  }

  /** What a verified token says, unless it has expired since. */
  find(token: string, now: Date): Claims | undefined {
    const name = digestOf(token);
    const claims = this.#claims.get(name);
    if (!claims) return undefined;
    this.#claims.delete(name);
    if (claims.expiresAt <= now) return undefined;
    this.#claims.set(name, claims); // re-inserted last: the map's order is the order of use
    return claims;
  }

  keep(token: string, claims: Claims): void {
    this.#claims.set(digestOf(token), claims);
    if (this.#claims.size <= this.#max) return;
    const oldest = this.#claims.keys().next().value;
    if (oldest !== undefined) this.#claims.delete(oldest);
  }

  get size(): number {
    return this.#claims.size;
  }
}

/** A token is a credential: it is not the name of anything in memory either. */
const digestOf = (token: string): string => sha256(token).toString("base64");
