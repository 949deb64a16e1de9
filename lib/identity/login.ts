import { checkCredentials } from "#lib/identity/check-credentials";
import type { Tokens } from "#lib/identity/contract";
import { issueTokens, programSessionEnd } from "#lib/identity/issue-tokens";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { insertSession } from "#lib/identity/repository";
import type { Visitor } from "#lib/identity/visitor";
import { onPlatform } from "#lib/platform/db";

/** Starts a session for a program of the person and returns its tokens. Throws as `checkCredentials`. */
export async function login(visitor: Visitor, body: { email: string; password: string }): Promise<Tokens> {
  const { now, userAgent, ipAddress } = visitor;
  const { id: userId } = await checkCredentials(ipAddress, body);
  return onPlatform(async (tx) => {
    const expiresAt = programSessionEnd(now);
    const sessionId = await insertSession(tx, { userId, kind: "program", userAgent, ipAddress, expiresAt }, now);
    await recordPersonalAudit(tx, visitor, userId, "session.started", { type: "session", id: sessionId });
    return issueTokens(tx, { userId, sessionId, expiresAt }, now);
  });
}
