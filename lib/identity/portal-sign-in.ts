import { readOrigin } from "#lib/core/request-origin";
import { findSignedInOrNull } from "#lib/identity/authenticate-user";
import { checkCredentials } from "#lib/identity/check-credentials";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { endSessions, insertSession } from "#lib/identity/repository";
import { browserSessionSeconds, portalCookieName } from "#lib/identity/session-cookie";
import { signToken } from "#lib/identity/tokens";
import type { Visitor } from "#lib/identity/visitor";
import type { CookieClaims, PortalSignIn } from "#lib/platform/auth";
import { onPlatform } from "#lib/platform/db";

/** Signing in with a browser: a session row, and a cookie that names it and says nothing else. */
export const portalSignIn: PortalSignIn = {
  cookieName: portalCookieName,
  sessionSeconds: browserSessionSeconds,
  start: (credentials, headers) => startBrowserSession(readOrigin(headers, new Date()), credentials),
  sign: (claims) => signToken("session", claims, browserSessionSeconds, new Date()),
  async read(cookie) {
    const signedIn = await findSignedInOrNull("session", cookie, new Date());
    if (!signedIn) return null;
    const { person, session } = signedIn;
    return { subject: person.id, sessionId: session.id, name: person.name, email: person.email };
  },
  end: (claims, headers) => endBrowserSession(readOrigin(headers, new Date()), claims),
};

/** Checks the credentials and starts a session, always a new one. Throws as `checkCredentials`. */
export async function startBrowserSession(
  visitor: Visitor,
  credentials: { email: string; password: string },
): Promise<CookieClaims> {
  const { now, userAgent, ipAddress } = visitor;
  const { id: userId } = await checkCredentials(ipAddress, credentials);
  const expiresAt = new Date(now.getTime() + browserSessionSeconds * 1000);
  const sessionId = await onPlatform(async (tx) => {
    const id = await insertSession(tx, { userId, kind: "browser", userAgent, ipAddress, expiresAt }, now);
    await recordPersonalAudit(tx, visitor, userId, "session.started", { type: "session", id });
    return id;
  });
  return { subject: userId, sessionId };
}

async function endBrowserSession(visitor: Visitor, { subject, sessionId }: CookieClaims): Promise<void> {
  await onPlatform(async (tx) => {
    for (const id of await endSessions(tx, subject, { only: sessionId }, visitor.now)) {
      await recordPersonalAudit(tx, visitor, subject, "session.ended", { type: "session", id });
    }
  });
}
