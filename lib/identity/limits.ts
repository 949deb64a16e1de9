import { networkOf } from "#lib/core/ip-addresses";
import { sha256 } from "#lib/platform/crypto";
import { runtime } from "#lib/platform/runtime";
import { consumeLimits, resetLimits } from "#lib/rate-limits/consume-limits";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { type Limit, slidingWindow } from "#lib/rate-limits/limit";
import { rateLimitError } from "#lib/rate-limits/rate-limit-headers";

const strict = (id: string, limit: number, windowSeconds: number): Limit => ({
  ...slidingWindow(limit, windowSeconds, id),
  onStoreLoss: "strict",
});

/** How often one address on the network may try; and, together with `pair`, for one e-mail address. */
const guards = {
  signIn: { address: strict("sign-in", 100, 300), pair: strict("sign-in-email", 10, 900) },
  mail: { address: strict("mail", 60, 3600), pair: strict("mail-email", 5, 900) },
  token: { address: strict("token", 120, 300) },
} as const;

const passwordLimit = strict("change-password", 10, 900);
const tag = "ip";

/**
 * Counts an attempt before anything else is done about it. The e-mail address counts together with the network address: guessing
 * at one person is slowed down, and nobody can use up that person's attempts from elsewhere. Throws RATE_LIMIT_EXCEEDED.
 */
export async function guardAttempt(kind: keyof typeof guards, ipAddress: string, email?: string): Promise<void> {
  await consume(checksOf(kind, ipAddress, email));
}

/** Whoever knew the password starts afresh with that e-mail address. The network address does not: a guesser may own an account. */
export async function forgiveAttempts(ipAddress: string, email: string): Promise<void> {
  const checks = checksOf("signIn", ipAddress, email).slice(1);
  await resetLimits(runtime().limiter, tag, checks).catch((error: unknown) =>
    runtime().logger.warn({ err: error }, "attempts were not reset"),
  );
}

/** As `guardAttempt`, for a signed-in person who gives the password again. */
export async function guardReauthentication(userId: string): Promise<void> {
  await consume([{ limit: passwordLimit, subject: userId }]);
}

function checksOf(kind: keyof typeof guards, ipAddress: string, email: string | undefined): LimitCheck[] {
  const guard = guards[kind];
  const network = networkOf(ipAddress);
  const checks: LimitCheck[] = [{ limit: guard.address, subject: network }];
  if ("pair" in guard && email !== undefined) {
    checks.push({ limit: guard.pair, subject: `${network}.${sha256(email).toString("base64url")}` });
  }
  return checks;
}

async function consume(checks: readonly LimitCheck[]): Promise<void> {
  const decision = await consumeLimits(runtime().limiter, tag, checks);
  if (!decision.admitted) throw rateLimitError(decision);
}
