import { type Counter, countersOf, type LimitCheck } from "#lib/rate-limits/counter";
import { effectiveWindowSeconds } from "#lib/rate-limits/limit";
import type { CounterReading, LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";

/** Where a caller stands with one limit. Instants are Unix seconds of the store's clock. */
export interface LimitState {
  readonly limitId: string;
  readonly subject: string;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly windowSeconds: number;
  readonly resetAtSeconds: number;
  readonly resetAfterSeconds: number;
  /** This limit had no room for the call. */
  readonly isViolated: boolean;
  /** How long to wait until it has; 0 when it has now. */
  readonly retryAfterSeconds: number;
}

export interface LimitsDecision {
  readonly admitted: boolean;
  /** Redis did not answer: the limits are this process's share of those configured. */
  readonly degraded: boolean;
  readonly states: readonly LimitState[];
  /** What shadow limits would have done; empty on a refusal, which they do not see. */
  readonly shadowStates: readonly LimitState[];
  /** The most restrictive state (R16): fewest remaining, or on a refusal the violated one with the longest wait. */
  readonly binding: LimitState | undefined;
  /** On a refusal, at least 1: a lone caller who waits this long gets in. */
  readonly retryAfterSeconds: number | undefined;
}

interface Row {
  readonly check: LimitCheck;
  readonly counter: Counter;
  readonly id: string;
  readonly windowSeconds: number;
}

/**
 * Counts a call of `cost` (default 1) against all checks at once: none is counted if one refuses. `tag` is the tenant's
 * id, or "ip" for the guard before a tenant is known; it decides the Redis Cluster slot. A cost above a limit's whole
 * capacity is always refused.
 */
export function consumeLimits(
  store: LimitStore,
  tag: string,
  checks: readonly LimitCheck[],
  { cost = 1 }: { readonly cost?: number } = {},
): Promise<LimitsDecision> {
  return evaluate(store, rowsOf(tag, checks), cost, "take");
}

/** What `consumeLimits` would answer now; counts nothing, and `remaining` does not include the call. */
export function peekLimits(
  store: LimitStore,
  tag: string,
  checks: readonly LimitCheck[],
  { cost = 1 }: { readonly cost?: number } = {},
): Promise<LimitsDecision> {
  return evaluate(store, rowsOf(tag, checks), cost, "peek");
}

/** Forgets what was counted, so that the subjects start afresh. Rejects when Redis cannot be reached. */
export async function resetLimits(store: LimitStore, tag: string, checks: readonly LimitCheck[]): Promise<void> {
  const keys = rowsOf(tag, checks).map(({ counter }) => counter.key);
  if (keys.length > 0) await store.reset(keys);
}

async function evaluate(
  store: LimitStore,
  rows: readonly Row[],
  cost: number,
  mode: StoreRequest["mode"],
): Promise<LimitsDecision> {
  if (!Number.isSafeInteger(cost) || cost < 1) throw new RangeError("A call costs a whole number from 1.");
  if (rows.length === 0) return decide([], { nowMs: 0, isAdmitted: true, isDegraded: false, readings: [] });
  return decide(rows, await store.evaluate({ counters: rows.map(({ counter }) => counter), cost, mode }));
}

/** One row per counter. The same counter twice in a call would be counted twice: the tighter one stays. */
function rowsOf(tag: string, checks: readonly LimitCheck[]): Row[] {
  const rows = new Map<string, Row>();
  const add = (row: Row) => {
    const known = rows.get(row.counter.key);
    if (!known || row.counter.capacity < known.counter.capacity) rows.set(row.counter.key, row);
  };
  for (const check of checks) {
    const [own, burst] = countersOf(tag, check);
    add({ check, counter: own, id: check.limit.id, windowSeconds: effectiveWindowSeconds(check.limit) });
    if (burst) add({ check, counter: burst, id: `${check.limit.id}.burst`, windowSeconds: 1 });
  }
  return [...rows.values()];
}

function decide(rows: readonly Row[], verdict: StoreVerdict): LimitsDecision {
  const states: LimitState[] = [];
  const shadowStates: LimitState[] = [];
  for (const [index, row] of rows.entries()) {
    const reading = verdict.readings[index];
    if (!reading) throw new Error("The limit store left out a counter.");
    (row.counter.isShadow ? shadowStates : states).push(stateOf(row, reading, verdict.nowMs));
  }
  const binding = verdict.isAdmitted ? mostRestrictive(states) : longestWait(states);
  return {
    admitted: verdict.isAdmitted,
    degraded: verdict.isDegraded,
    states,
    shadowStates: verdict.isAdmitted ? shadowStates : [],
    binding,
    retryAfterSeconds: verdict.isAdmitted ? undefined : binding?.retryAfterSeconds,
  };
}

function stateOf({ check, id, windowSeconds }: Row, reading: CounterReading, nowMs: number): LimitState {
  const secondsUntil = (atMs: number) => Math.max(0, Math.ceil((atMs - nowMs) / 1000));
  return {
    limitId: id,
    subject: check.subject,
    limit: reading.capacity,
    used: reading.used,
    remaining: Math.max(0, reading.capacity - reading.used),
    windowSeconds,
    resetAtSeconds: Math.ceil(reading.resetAtMs / 1000),
    resetAfterSeconds: secondsUntil(reading.resetAtMs),
    isViolated: !reading.isOpen,
    retryAfterSeconds: reading.isOpen ? 0 : Math.max(1, secondsUntil(reading.readyAtMs)),
  };
}

/** The fewest remaining, tie the longest reset (rules R16). */
export function mostRestrictive(states: readonly LimitState[]): LimitState | undefined {
  const [first] = states.toSorted((a, b) => a.remaining - b.remaining || b.resetAtSeconds - a.resetAtSeconds);
  return first;
}

function longestWait(states: readonly LimitState[]): LimitState | undefined {
  const [first] = states
    .filter((state) => state.isViolated)
    .toSorted((a, b) => b.retryAfterSeconds - a.retryAfterSeconds);
  return first;
}
