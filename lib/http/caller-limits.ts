import { networkOf } from "#lib/core/ip-addresses";
import type { Authenticated } from "#lib/http/authenticate";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { type Limit, slidingWindow } from "#lib/rate-limits/limit";
import { personLimits } from "#lib/rate-limits/person-limits";

/** Calls without a credential: sign-in, sign-up and the like have stricter limits of their own behind this one. */
const anonymousLimits: readonly Limit[] = [slidingWindow(120, 60, "ip")];

/** Credentials that turned out bad, per network: each costs a look-up, and many of them are somebody guessing (K11). Good ones never count here, so a neighbour behind the same address goes on calling. */
const badCredentialLimits: readonly Limit[] = [{ ...slidingWindow(30, 60, "bad-credentials"), onStoreLoss: "strict" }];

/** Calls with a key that is known but may not call, per network. Apart from the others, or a forgotten cron job would lock people out. */
const refusedKeyLimits: readonly Limit[] = [slidingWindow(120, 60, "refused-keys")];

/** How the middleware hands the limit headers of the answer to `handle`. The edge removes a client's copy. */
export const limitsHeader = "x-portico-limits";

/** The tag of guards that act before a tenant is known. */
export const guardTag = "ip";

const checks = (limits: readonly Limit[], subject: string): LimitCheck[] => limits.map((limit) => ({ limit, subject }));

export const checksOfAddress = (ipAddress: string): LimitCheck[] => checks(anonymousLimits, networkOf(ipAddress));
export const checksOfRefusedKey = (ipAddress: string): LimitCheck[] => checks(refusedKeyLimits, networkOf(ipAddress));
export const checksOfBadCredentials = (ipAddress: string): LimitCheck[] =>
  checks(badCredentialLimits, networkOf(ipAddress));

/** What a caller of the management API is held to: a key to its own limits, a person to those of people. */
export function checksOfCaller({ actor, key }: Authenticated): LimitCheck[] {
  return key ? checks(key.limits, key.id) : checks(personLimits, actor.id);
}
