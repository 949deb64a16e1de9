import { networkOf } from "#lib/core/ip-addresses";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { type Limit, slidingWindow } from "#lib/rate-limits/limit";

/** Calls without a credential: sign-in, sign-up and the like have stricter limits of their own behind this one. */
const anonymousLimits: readonly Limit[] = [slidingWindow(120, 60, "ip")];

/** Credentials that turned out bad, per network: each costs a look-up, and many of them are somebody guessing (K11). Good ones never count here, so a neighbour behind the same address goes on calling. */
const badCredentialLimits: readonly Limit[] = [{ ...slidingWindow(30, 60, "bad-credentials"), onStoreLoss: "strict" }];

/** Calls with a key that is known but may not call, per network. Apart from the others, or a forgotten cron job would lock people out. */
const refusedKeyLimits: readonly Limit[] = [slidingWindow(120, 60, "refused-keys")];

/** Calls of a gateway's routes that bring no credential, per network. Apart too: such a program must not keep people from signing in. */
const keylessCallLimits: readonly Limit[] = [slidingWindow(120, 60, "keyless-calls")];

/** The tag of guards that act before a tenant is known. */
export const guardTag = "ip";

const checks = (limits: readonly Limit[], ipAddress: string): LimitCheck[] =>
  limits.map((limit) => ({ limit, subject: networkOf(ipAddress) }));

export const checksOfAddress = (ipAddress: string): LimitCheck[] => checks(anonymousLimits, ipAddress);
export const checksOfKeylessCall = (ipAddress: string): LimitCheck[] => checks(keylessCallLimits, ipAddress);
export const checksOfRefusedKey = (ipAddress: string): LimitCheck[] => checks(refusedKeyLimits, ipAddress);
export const checksOfBadCredentials = (ipAddress: string): LimitCheck[] => checks(badCredentialLimits, ipAddress);
