/**
 * Every long-lived object of a process (pools, Redis, caches, the usage spool) is a field of one object.
 *
 * Next evaluates several copies of each module (instrumentation, middleware, every route and page), so a module-level
 * variable is a different variable in each of them. `globalThis` is the only thing they share.
 */
// biome-ignore lint/suspicious/noEmptyInterface: each owner adds its field by declaration merging.
export interface Runtime {}

const slot = Symbol.for("portico.runtime");
const shared = globalThis as unknown as Record<symbol, Runtime | undefined>;

/** The composed runtime of this process. Throws where nothing was composed: nothing may be opened by importing a file. */
export function runtime(): Runtime {
  const composed = shared[slot];
  if (!composed) throw new Error("No runtime was composed. server.ts, worker/main.ts and tests call composeRuntime().");
  return composed;
}

/** Adds fields to the process's runtime. Called by entry points and tests only. */
export function composeRuntime(parts: Partial<Runtime>): Runtime {
  const composed = shared[slot] ?? ({} as Runtime);
  shared[slot] = Object.assign(composed, parts);
  return composed;
}
