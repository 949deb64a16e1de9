import { type Counter, countersOf, type LimitCheck } from "#lib/rate-limits/counter";
import { effectiveWindowSeconds } from "#lib/rate-limits/limit";
import type { CounterReading, LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";
import { structuredString } from "#lib/rate-limits/structured-field";

/** Where a caller stands with one limit. Instants are Unix seconds of the store's clock. */
export interface LimitState {
  readonly limitId: string;
  /** `limitId` as headers write it. */
  readonly label: string;
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
  readonly label: string;
  readonly windowSeconds: number;
}

/** Checks worked out for the store: for who makes the same ones with every request. */
export interface PreparedLimits {
  readonly rows: readonly Row[];
  readonly counters: readonly Counter[];
}

interface Amount {
  readonly cost?: number;
}

/** `tag` is the tenant's id, or "ip" for the guard before a tenant is known; it decides the Redis Cluster slot. */
export function prepareLimits(tag: string, checks: readonly LimitCheck[]): PreparedLimits {
  const rows = rowsOf(tag, checks);
  return { rows, counters: rows.map(({ counter }) => counter) };
}

/**
 * Counts a call of `cost` (default 1) against all checks at once: none is counted if one refuses. A cost above a limit's whole
 * capacity is always refused.
 */
export function consumePrepared(
  store: LimitStore,
  limits: PreparedLimits,
  { cost = 1 }: Amount = {},
): Promise<LimitsDecision> {
  return evaluate(store, limits, cost, "take");
}

/** As `consumePrepared`, of checks made once. */
export function consumeLimits(
  store: LimitStore,
  tag: string,
  checks: readonly LimitCheck[],
  { cost = 1 }: Amount = {},
): Promise<LimitsDecision> {
  return evaluate(store, prepareLimits(tag, checks), cost, "take");
}

/** What `consumeLimits` would answer now; counts nothing, and `remaining` does not include the call. */
export function peekLimits(
  store: LimitStore,
  tag: string,
  checks: readonly LimitCheck[],
  { cost = 1 }: Amount = {},
): Promise<LimitsDecision> {
  return evaluate(store, prepareLimits(tag, checks), cost, "peek");
}

/** Forgets what was counted, so that the subjects start afresh. Rejects when Redis cannot be reached. */
export async function resetLimits(store: LimitStore, tag: string, checks: readonly LimitCheck[]): Promise<void> {
  const keys = prepareLimits(tag, checks).counters.map(({ key }) => key);
  if (keys.length > 0) await store.reset(keys);
}

function evaluate(
  store: LimitStore,
  { rows, counters }: PreparedLimits,
  cost: number,
  mode: StoreRequest["mode"],
): Promise<LimitsDecision> {
  if (!Number.isSafeInteger(cost) || cost < 1)
    return Promise.reject(new RangeError("A call costs a whole number from 1."));
  if (rows.length === 0)
    return Promise.resolve(decide([], { nowMs: 0, isAdmitted: true, isDegraded: false, readings: [] }));
  return store.evaluate({ counters, cost, mode }).then((verdict) => decide(rows, verdict));
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
    const { id } = check.limit;
    add({ ...named(id), check, counter: own, windowSeconds: effectiveWindowSeconds(check.limit) });
    if (burst) add({ ...named(`${id}.burst`), check, counter: burst, windowSeconds: 1 });
  }
  return [...rows.values()];
}

const named = (id: string) => ({ id, label: structuredString(id) });

function decide(rows: readonly Row[], verdict: StoreVerdict): LimitsDecision {
  const states: LimitState[] = [];
  const shadowStates: LimitState[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Row;
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

function stateOf({ check, id, label, windowSeconds }: Row, reading: CounterReading, nowMs: number): LimitState {
  return {
    limitId: id,
    label,
    subject: check.subject,
    limit: reading.capacity,
    used: reading.used,
    remaining: Math.max(0, reading.capacity - reading.used),
    windowSeconds,
    resetAtSeconds: Math.ceil(reading.resetAtMs / 1000),
    resetAfterSeconds: secondsUntil(reading.resetAtMs, nowMs),
    isViolated: !reading.isOpen,
    retryAfterSeconds: reading.isOpen ? 0 : Math.max(1, secondsUntil(reading.readyAtMs, nowMs)),
  };
}

const secondsUntil = (atMs: number, nowMs: number) => Math.max(0, Math.ceil((atMs - nowMs) / 1000));

/** The fewest remaining, tie the longest reset (rules R16). */
export function mostRestrictive(states: readonly LimitState[]): LimitState | undefined {
  return firstOf(states, (a, b) => a.remaining - b.remaining || b.resetAtSeconds - a.resetAtSeconds);
}

function longestWait(states: readonly LimitState[]): LimitState | undefined {
  const violated = states.filter((state) => state.isViolated);
  return firstOf(violated, (a, b) => b.retryAfterSeconds - a.retryAfterSeconds);
}

/** What a stable sort would put first, found without sorting: every request asks. */
function firstOf(
  states: readonly LimitState[],
  compare: (a: LimitState, b: LimitState) => number,
): LimitState | undefined {
  let first = states[0];
  for (const state of states) if (first && compare(state, first) < 0) first = state;
  return first;
}
