import { changeKey } from "#lib/keys/change-key";
import type { ApiKey } from "#lib/keys/contract";
import type { Authorized } from "#lib/platform/context";

/** Ends a key for good, both its secrets at once. Refused everywhere within a second. */
export function revokeApiKey(ctx: Authorized<"keys:write">, reference: string): Promise<ApiKey> {
  return changeKey(ctx, reference, { action: "api_key.revoked", isPowerNeeded: false }, (row) =>
    row.status === "revoked" ? null : { status: "revoked", revokedAt: ctx.now, ...withoutPrevious },
  );
}

/** Forgets the secret before the last rotation. */
export const withoutPrevious = { previousHash: null, previousLast4: null, previousExpiresAt: null } as const;
