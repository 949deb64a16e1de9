import { createHash } from "node:crypto";
import { capacityOf, type Limit, refillOf } from "#lib/rate-limits/limit";

interface CounterBase {
  /** The Redis key. Its hash tag puts all counters of one call into one slot of a cluster. */
  readonly key: string;
  readonly capacity: number;
  readonly windowMs: number;
  readonly isShadow: boolean;
  readonly isStrict: boolean;
}

/** What a store counts: a limit applied to a subject, in whole numbers. A burst is a counter of its own. */
export type Counter = CounterBase &
  (
    | { readonly kind: "log" }
    | { readonly kind: "slices"; readonly sliceMs: number }
    | { readonly kind: "fixed"; readonly alignedTo?: string; readonly timezone?: string }
    | { readonly kind: "bucket"; readonly perMs: number; readonly perToken: number }
  );

/** One limit to hold one caller to. */
export interface LimitCheck {
  readonly limit: Limit;
  /** Whom it counts, with its kind: a key id, an account id, an address. Never a secret. */
  readonly subject: string;
  /** A shadow limit counts and reports, and refuses nobody. */
  readonly isShadow?: boolean;
}

/** Up to this limit a sliding window remembers every call; above, calls are counted in slices of the window. */
export const exactLogMax = 1000;
const slicesPerWindow = 60;

/** The counters of a check: its window or bucket, then its burst if that can bind. */
export function countersOf(tag: string, check: LimitCheck): readonly [Counter, ...Counter[]] {
  const { limit } = check;
  const own = counterOf(tag, check, limit, "");
  const isBurstBinding = limit.algorithm !== "token_bucket" && limit.burst !== undefined && limit.burst < limit.limit;
  if (!isBurstBinding || limit.burst === undefined) return [own];
  const second = { id: limit.id, algorithm: "sliding_window", limit: limit.burst, windowSeconds: 1 } as const;
  return [own, counterOf(tag, check, second, "burst-")];
}

function counterOf(tag: string, check: LimitCheck, limit: Limit, role: string): Counter {
  const { shape, name } = shapeOf(limit);
  const ending = `${role}${name}${check.isShadow ? "-shadow" : ""}`;
  return {
    // The ending keeps counts of another kind apart when a limit is reconfigured: they start afresh, no type clashes.
    key: `rl:{${keyPart(tag)}}:${keyPart(limit.id)}:${keyPart(check.subject)}:${ending}`,
    capacity: capacityOf(limit),
    windowMs: limit.windowSeconds * 1000,
    isShadow: check.isShadow ?? false,
    isStrict: check.limit.onStoreLoss === "strict",
    ...shape,
  };
}

type Shape = Counter extends infer Kind ? (Kind extends Counter ? Omit<Kind, keyof CounterBase> : never) : never;

function shapeOf(limit: Limit): { shape: Shape; name: string } {
  const { windowSeconds, alignedTo, timezone } = limit;
  if (limit.algorithm === "token_bucket") {
    const refill = refillOf(limit);
    return { shape: { kind: "bucket", ...refill }, name: `bucket${refill.perToken}` };
  }
  if (limit.algorithm === "fixed_window") {
    const day = alignedTo === undefined || timezone === undefined ? {} : { alignedTo, timezone };
    return { shape: { kind: "fixed", ...day }, name: `fixed${windowSeconds}` };
  }
  if (limit.limit <= exactLogMax) return { shape: { kind: "log" }, name: `log${windowSeconds}` };
  const sliceMs = Math.ceil((windowSeconds * 1000) / slicesPerWindow);
  return { shape: { kind: "slices", sliceMs }, name: `slices${windowSeconds}` };
}

/**
 * A name as part of a key. Plain names stay readable; anything that could be mistaken for a separator, or is long, is
 * replaced by its digest behind "~", which no plain name contains. UTF-16, because UTF-8 makes lone surrogates equal.
 */
export function keyPart(name: string): string {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return name;
  return `~${createHash("sha256").update(Buffer.from(name, "utf16le")).digest("base64url").slice(0, 22)}`;
}
