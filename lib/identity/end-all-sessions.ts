import { endOwnSessions } from "#lib/identity/end-own-sessions";
import type { Authorized } from "#lib/platform/context";
import { onPlatform } from "#lib/platform/db";

/** Signs the person out everywhere, here too. */
export async function endAllSessions(ctx: Authorized<"self:write">): Promise<undefined> {
  await onPlatform((tx) => endOwnSessions(tx, ctx, {}));
}
