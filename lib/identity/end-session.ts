import { notFound } from "#lib/core/errors";
import { endOwnSessions, personIdOf } from "#lib/identity/end-own-sessions";
import { isSessionOf } from "#lib/identity/repository";
import type { Authorized } from "#lib/platform/context";
import { onPlatform } from "#lib/platform/db";

/** Ends one of the person's sessions; again is harmless. Throws NOT_FOUND for anybody else's. */
export async function endSession(ctx: Authorized<"self:write">, sessionId: string): Promise<undefined> {
  const userId = personIdOf(ctx.actor);
  await onPlatform(async (tx) => {
    if (!(await isSessionOf(tx, sessionId, userId))) throw notFound("session");
    await endOwnSessions(tx, ctx, { only: sessionId });
  });
}
