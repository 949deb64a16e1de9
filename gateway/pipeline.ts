import type { CompiledRoute } from "#gateway/compile";
import type { Check, Exchange, Step, Verdict } from "#gateway/exchange";
import { answerPreflight } from "#gateway/steps/answer-preflight";
import { authenticate } from "#gateway/steps/authenticate";
import { authorize } from "#gateway/steps/authorize";
import { checkService } from "#gateway/steps/check-service";
import { countLimits } from "#gateway/steps/count-limits";

/** Everything a request passes before it goes upstream, in order. A new check is one file and one row here. */
export const steps: readonly Step[] = [
  answerPreflight,
  authenticate, // 401, 403 (address, suspended), 429 (guessing), 503
  checkService, // 503
  authorize, // 403
  countLimits, // 429
];

/** The checks a route really has, in the order of `steps`. */
export function compileChecks(route: CompiledRoute): Check[] {
  return steps.map((step) => step.compile(route)).filter((check) => check !== undefined);
}

/**
 * Runs checks until one says something, then calls `done` with it, or with nothing when all passed, or with what one threw, which is a
 * fault of ours. At once if no check waits. `done` must not throw.
 */
export function runChecks(
  exchange: Exchange,
  checks: readonly Check[],
  done: (verdict: Verdict, error?: unknown) => void,
  from = 0,
): void {
  for (let at = from; at < checks.length; at++) {
    let verdict: ReturnType<Check>;
    try {
      verdict = (checks[at] as Check)(exchange);
    } catch (error) {
      done(undefined, error);
      return;
    }
    if (verdict instanceof Promise) {
      verdict.then(
        (later) => (later === undefined ? runChecks(exchange, checks, done, at + 1) : done(later)),
        (error: unknown) => done(undefined, error),
      );
      return;
    }
    if (verdict !== undefined) {
      done(verdict);
      return;
    }
  }
  done(undefined);
}
