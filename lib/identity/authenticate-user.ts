import type { Actor } from "#lib/core/actor";
import { isAppError } from "#lib/core/errors";
import type { LiveSession, Person } from "#lib/identity/global-lookups";
import { noteSessionSeen } from "#lib/identity/repository";
import { actorOf, type Selection, selectMembership } from "#lib/identity/select-membership";
import { readSessionCookie } from "#lib/identity/session-cookie";
import { invalidToken, type SessionClaims, verifyToken } from "#lib/identity/tokens";
import { runtime } from "#lib/platform/runtime";

const sessionKindOf = { user: "program", session: "browser" } as const satisfies Record<string, LiveSession["kind"]>;

/** The kinds of token a session stands behind. */
type PersonalKind = keyof typeof sessionKindOf;

const seenPauseMs = 10 * 60_000;

/**
 * The person behind a user JWT, in the selected membership. Throws TOKEN_INVALID (also when its session ended), PERMISSION_DENIED
 * for a selection that is not theirs, ACCOUNT_SUSPENDED or TENANT_SUSPENDED.
 */
export async function authenticateUserJwt(token: string, selection: Selection, now: Date): Promise<Actor> {
  const { person, session } = await findSignedIn("user", token, now);
  return actorOf(person, await selectMembership(person, selection), { via: "user_jwt", sessionId: session.id });
}

/** As `authenticateUserJwt`, for the portal's cookie. Null when there is none that is good: the browser is simply not signed in. */
export async function authenticateBrowserSession(
  cookieHeader: string | null,
  selection: Selection,
  now: Date,
): Promise<Actor | null> {
  const token = readSessionCookie(cookieHeader);
  const signedIn = token === undefined ? null : await findSignedInOrNull("session", token, now);
  if (!signedIn) return null;
  const { person, session } = signedIn;
  return actorOf(person, await selectMembership(person, selection), { via: "session", sessionId: session.id });
}

export interface SignedIn {
  person: Person;
  session: LiveSession;
}

/** The live session behind a token and its person. Throws TOKEN_INVALID. */
async function findSignedIn(kind: PersonalKind, token: string, now: Date): Promise<SignedIn> {
  const claims = await verifyToken(kind, token, now);
  const { sessions, people } = runtime().identity;
  const [session, person] = await Promise.all([sessions.get(claims.sessionId), people.get(claims.subject)]);
  if (!session || !person || !isLive(session, claims, sessionKindOf[kind], now)) throw invalidToken();
  if (now.getTime() - session.lastSeenAt.getTime() > seenPauseMs) {
    session.lastSeenAt = now; // of the cached session: written down once, not by every request of this moment
    await noteSessionSeen(session.id, now);
  }
  return { person, session };
}

/** As `findSignedIn`, but null for a token that is not good. */
export async function findSignedInOrNull(kind: PersonalKind, token: string, now: Date): Promise<SignedIn | null> {
  return findSignedIn(kind, token, now).catch((error: unknown) => {
    if (isAppError(error) && error.code === "TOKEN_INVALID") return null;
    throw error;
  });
}

function isLive(session: LiveSession, claims: SessionClaims, kind: LiveSession["kind"], now: Date): boolean {
  return (
    session.endedAt === null && session.expiresAt > now && session.kind === kind && session.userId === claims.subject
  );
}
