import type { Session } from "#lib/identity/contract";
import { personIdOf } from "#lib/identity/end-own-sessions";
import { listLiveSessions } from "#lib/identity/repository";
import type { Authorized } from "#lib/platform/context";
import { onPlatform } from "#lib/platform/db";

/** The person's live sessions, the one used last first (at most 200). */
export async function listSessions(
  ctx: Authorized<"self:read">,
): Promise<{ data: Session[]; next_cursor: null; has_more: false }> {
  const userId = personIdOf(ctx.actor);
  const rows = await onPlatform((tx) => listLiveSessions(tx, userId, ctx.now));
  const data = rows.map((row) => ({
    id: row.id,
    kind: row.kind as Session["kind"],
    user_agent: row.userAgent,
    ip_address: row.ipAddress,
    is_current: row.id === ctx.actor.sessionId,
    created_at: row.createdAt.toISOString(),
    last_seen_at: row.lastSeenAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  }));
  return { data, next_cursor: null, has_more: false };
}
