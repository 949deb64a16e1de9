import { changeKey } from "#lib/keys/change-key";
import { withoutPrevious } from "#lib/keys/revoke-api-key";
import type { Authorized } from "#lib/platform/context";

/** Revokes a key and takes it out of every list. Its row stays for the history of its usage; a repeat finds nothing (404). */
export async function deleteApiKey(ctx: Authorized<"keys:write">, reference: string): Promise<void> {
  await changeKey(ctx, reference, { action: "api_key.deleted", isPowerNeeded: false }, (row) => ({
    status: "revoked",
    revokedAt: row.revokedAt ?? ctx.now,
    deletedAt: ctx.now,
    ...withoutPrevious,
  }));
}
