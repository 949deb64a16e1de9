import type { Tokens } from "#lib/identity/contract";
import { insertRefreshToken } from "#lib/identity/repository";
import { newSecretToken } from "#lib/identity/secret-token";
import { signToken } from "#lib/identity/tokens";
import type { Db } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

const refreshSeconds = 30 * 86_400;

/** When a program's session ends if nobody refreshes it: never before the JWT made from it. */
export function programSessionEnd(now: Date): Date {
  return new Date(now.getTime() + Math.max(refreshSeconds, runtime().env.USER_JWT_TTL) * 1000);
}

/** A user JWT and the one refresh token that may follow it. */
export async function issueTokens(
  tx: Db,
  session: { userId: string; sessionId: string; expiresAt: Date },
  now: Date,
): Promise<Tokens> {
  const { userId, sessionId, expiresAt } = session;
  const lifetimeSeconds = runtime().env.USER_JWT_TTL;
  const { token, hash } = newSecretToken("rft");
  await insertRefreshToken(tx, { hash, sessionId, expiresAt }, now);
  const accessToken = await signToken("user", { subject: userId, sessionId }, lifetimeSeconds, now);
  return { access_token: accessToken, token_type: "bearer", expires_in: lifetimeSeconds, refresh_token: token };
}
