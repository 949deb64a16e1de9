/** What a balancer needs to know of a target. */
export interface Choosable {
  readonly isFree: boolean;
}

/** Chooses the target of the next request among those that are free; `except` (just failed) only if there is no other. */
export interface Balancer {
  next<T extends Choosable>(targets: readonly T[], except?: T): T | undefined;
}

/** One after the other. */
export function roundRobin(): Balancer {
  let turn = 0;
  return {
    next(targets, except) {
      let spare: (typeof targets)[number] | undefined;
      for (let step = 0; step < targets.length; step++) {
        const at = (turn + step) % targets.length;
        const target = targets[at];
        if (!target?.isFree) continue;
        if (target === except) {
          spare = target;
          continue;
        }
        turn = at + 1;
        return target;
      }
      return spare;
    },
  };
}
