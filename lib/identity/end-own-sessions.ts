import { recordAudit } from "#lib/audit/record-audit";
import type { Actor } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";
import { endSessions } from "#lib/identity/repository";
import type { Context } from "#lib/platform/context";
import type { Db } from "#lib/platform/db";

/** The person behind an actor. Throws PERMISSION_DENIED for a key: sessions and passwords belong to people. */
export function personIdOf(actor: Actor): string {
  if (actor.kind === "user") return actor.id;
  throw new AppError("PERMISSION_DENIED", "Only a signed-in person can do this, not an API key.");
}

/** Ends one or all sessions of the person who asks and records each that was still going. */
export async function endOwnSessions(tx: Db, ctx: Context, which: { only?: string }): Promise<void> {
  const { accountId } = ctx.actor;
  for (const targetId of await endSessions(tx, personIdOf(ctx.actor), which, ctx.now)) {
    await recordAudit(tx, ctx, { action: "session.ended", targetType: "session", targetId, accountId });
  }
}
