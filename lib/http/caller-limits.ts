import type { Authenticated } from "#lib/http/authenticate";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { personLimits } from "#lib/rate-limits/person-limits";

/** How the middleware hands the limit headers of the answer to `handle`. The edge removes a client's copy. */
export const limitsHeader = "x-portico-limits";

/** What a caller of the management API is held to: a key to its own limits, a person to those of people. */
export function checksOfCaller({ actor, key }: Authenticated): LimitCheck[] {
  return (key?.limits ?? personLimits).map((limit) => ({ limit, subject: actor.id }));
}
