import type { Tokens } from "#lib/identity/contract";
import { issueTokens, programSessionEnd } from "#lib/identity/issue-tokens";
import { guardAttempt } from "#lib/identity/limits";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { endSessions, extendSession, findSessionOfUsedToken, spendRefreshToken } from "#lib/identity/repository";
import { hashSecretToken } from "#lib/identity/secret-token";
import { invalidToken } from "#lib/identity/tokens";
import type { Visitor } from "#lib/identity/visitor";
import { type Db, onPlatform } from "#lib/platform/db";

/**
 * Exchanges a refresh token for new tokens. Each works once: a second use means that there is a copy of it, so the session ends, with
 * all its tokens (RFC 9700 4.14.2). Throws TOKEN_INVALID.
 */
export async function refresh(visitor: Visitor, body: { refresh_token: string }): Promise<Tokens> {
  await guardAttempt("token", visitor.ipAddress);
  const hash = hashSecretToken(body.refresh_token);
  const tokens = await onPlatform((tx) => exchange(tx, visitor, hash)); // resolves when refused, too: the end of a session must commit
  if (!tokens) throw invalidToken();
  return tokens;
}

async function exchange(tx: Db, visitor: Visitor, hash: Uint8Array<ArrayBuffer>): Promise<Tokens | undefined> {
  const { now } = visitor;
  const sessionId = await spendRefreshToken(tx, hash, now);
  if (sessionId === undefined) return endCopiedSession(tx, visitor, hash);
  const expiresAt = programSessionEnd(now);
  const userId = await extendSession(tx, sessionId, expiresAt, now);
  return userId === undefined ? undefined : issueTokens(tx, { userId, sessionId, expiresAt }, now);
}

async function endCopiedSession(tx: Db, visitor: Visitor, hash: Uint8Array<ArrayBuffer>): Promise<undefined> {
  const session = await findSessionOfUsedToken(tx, hash);
  if (!session) return;
  const ended = await endSessions(tx, session.userId, { only: session.id }, visitor.now);
  if (ended.length > 0)
    await recordPersonalAudit(tx, visitor, session.userId, "session.refresh_token_reused", {
      type: "session",
      id: session.id,
    });
}
