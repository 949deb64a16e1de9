import { endOwnSessions, personIdOf } from "#lib/identity/end-own-sessions";
import type { Authorized } from "#lib/platform/context";
import { onPlatform } from "#lib/platform/db";

/** Ends the session that asks, with every token made from it. */
export async function logout(ctx: Authorized<"self:write">): Promise<undefined> {
  personIdOf(ctx.actor);
  const { sessionId } = ctx.actor;
  if (sessionId !== null) await onPlatform((tx) => endOwnSessions(tx, ctx, { only: sessionId }));
}
