import type { CalendarDays } from "#lib/rate-limits/calendar-days";
import type { Counter } from "#lib/rate-limits/counter";

type Kind<Name extends Counter["kind"]> = Extract<Counter, { kind: Name }>;

/** What is remembered of a counter between calls. `logMs` is oldest first; `slices` is from slice number to count. */
export type CounterState =
  | { kind: "log"; logMs: number[] }
  | { kind: "slices"; slices: Map<number, number>; lastMs: number }
  | { kind: "fixed"; endMs: number; count: number }
  | { kind: "bucket"; level: number; perToken: number; atMs: number };

/** A counter as it stands at one instant. `next` is the state after `cost` more calls; nothing is changed by reading. */
export interface CounterView {
  readonly used: number;
  readonly fullAtMs: number;
  /** When `need` more fit; asked only while they do not. */
  readyAtMs(need: number): number;
  take(cost: number): { state: CounterState; expiresAtMs: number };
}

/** Reads a counter by the same rules as `limitScript`, which see; the two must never differ in a reply. */
export function viewCounter(
  counter: Counter,
  state: CounterState | undefined,
  nowMs: number,
  days: CalendarDays,
): CounterView {
  switch (counter.kind) {
    case "log":
      return viewLog(counter, state?.kind === "log" ? state.logMs : [], nowMs);
    case "slices":
      return viewSlices(counter, state?.kind === "slices" ? state : { slices: new Map(), lastMs: nowMs }, nowMs);
    case "fixed":
      return viewFixed(counter, state?.kind === "fixed" ? state : { endMs: 0, count: 0 }, nowMs, days);
    case "bucket":
      return viewBucket(counter, state?.kind === "bucket" ? state : undefined, nowMs);
  }
}

/** Roughly how many numbers a state holds: what the store's bound is counted in. */
export function weightOf(state: CounterState): number {
  if (state.kind === "log") return 4 + state.logMs.length;
  return state.kind === "slices" ? 4 + 4 * state.slices.size : 4;
}

function viewLog(counter: Kind<"log">, kept: number[], nowMs: number): CounterView {
  const newestKept = kept.at(-1) ?? nowMs;
  const isFromTheFuture = newestKept > nowMs + counter.windowMs;
  const atMs = isFromTheFuture ? nowMs : Math.max(nowMs, newestKept);
  const dead = isFromTheFuture ? kept.length : deadCount(kept, atMs - counter.windowMs);
  let used = kept.length - dead;
  return {
    used,
    get fullAtMs() {
      return used === 0 ? nowMs : (kept.at(-1) ?? nowMs) + counter.windowMs;
    },
    readyAtMs: (need) => (kept[kept.length - 1 - (counter.capacity - need)] ?? nowMs) + counter.windowMs,
    take(cost) {
      kept.splice(0, kept.length - used);
      for (let call = 0; call < cost; call++) kept.push(atMs);
      used = kept.length;
      return { state: { kind: "log", logMs: kept }, expiresAtMs: atMs + counter.windowMs };
    },
  };
}

/** How many entries have left the window: the first index newer than the cutoff, by bisection. */
function deadCount(logMs: readonly number[], cutoffMs: number): number {
  let low = 0;
  let high = logMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((logMs[middle] ?? 0) > cutoffMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

function viewSlices(
  counter: Kind<"slices">,
  kept: { slices: Map<number, number>; lastMs: number },
  nowMs: number,
): CounterView {
  const { sliceMs, windowMs, capacity } = counter;
  const isFromTheFuture = kept.lastMs > nowMs + windowMs;
  const atMs = isFromTheFuture ? nowMs : Math.max(nowMs, kept.lastMs);
  const first = Math.floor((atMs - windowMs) / sliceMs);
  const live = new Map([...kept.slices].filter(([slice]) => !isFromTheFuture && slice >= first));
  let used = [...live.values()].reduce((sum, count) => sum + count, 0);
  let newest = Math.floor(kept.lastMs / sliceMs);
  const leavesAtMs = (slice: number) => (slice + 1) * sliceMs + windowMs;
  return {
    used,
    get fullAtMs() {
      return used === 0 ? nowMs : leavesAtMs(newest);
    },
    readyAtMs(need) {
      let excess = used + need - capacity;
      for (const [slice, count] of live) {
        excess -= count;
        if (excess <= 0) return leavesAtMs(slice);
      }
      return leavesAtMs(newest);
    },
    take(cost) {
      newest = Math.floor(atMs / sliceMs);
      live.set(newest, (live.get(newest) ?? 0) + cost);
      used += cost;
      return { state: { kind: "slices", slices: live, lastMs: atMs }, expiresAtMs: leavesAtMs(newest) };
    },
  };
}

function viewFixed(
  counter: Kind<"fixed">,
  kept: { endMs: number; count: number },
  nowMs: number,
  days: CalendarDays,
): CounterView {
  const isRunning = kept.endMs > nowMs && kept.endMs <= nowMs + 2 * counter.windowMs;
  const endMs = isRunning ? kept.endMs : nextEdge(counter, nowMs, days);
  const used = isRunning ? kept.count : 0;
  return {
    used,
    fullAtMs: endMs,
    readyAtMs: () => endMs,
    take: (cost) => ({ state: { kind: "fixed", endMs, count: used + cost }, expiresAtMs: endMs }),
  };
}

function nextEdge({ windowMs, alignedTo, timezone }: Kind<"fixed">, nowMs: number, days: CalendarDays): number {
  if (alignedTo !== undefined && timezone !== undefined) return days.edges(nowMs, alignedTo, timezone)[1];
  return nowMs - (nowMs % windowMs) + windowMs;
}

function viewBucket(
  { capacity, perMs, perToken }: Kind<"bucket">,
  kept: { level: number; perToken: number; atMs: number } | undefined,
  nowMs: number,
): CounterView {
  const size = capacity * perToken;
  const isKnown = kept !== undefined && kept.atMs <= nowMs + Math.ceil(size / perMs);
  const atMs = isKnown ? Math.max(nowMs, kept.atMs) : nowMs;
  let level = size;
  if (isKnown) {
    // Another unit: the process's share of the refill changed. Whole tokens are carried over.
    const units = kept.perToken === perToken ? kept.level : Math.floor(kept.level / kept.perToken) * perToken;
    level = refilled(Math.min(units, size), atMs - kept.atMs, size, perMs);
  }
  return {
    used: capacity - Math.floor(level / perToken),
    get fullAtMs() {
      return atMs + Math.ceil((size - level) / perMs);
    },
    readyAtMs: (need) => atMs + Math.ceil((need * perToken - level) / perMs),
    take(cost) {
      level -= cost * perToken;
      return {
        state: { kind: "bucket", level, perToken, atMs },
        expiresAtMs: atMs + Math.ceil((size - level) / perMs),
      };
    },
  };
}

function refilled(level: number, elapsedMs: number, size: number, perMs: number): number {
  return elapsedMs >= Math.ceil((size - level) / perMs) ? size : level + elapsedMs * perMs;
}
