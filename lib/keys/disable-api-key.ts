import { changeKey, requireNotRevoked } from "#lib/keys/change-key";
import type { ApiKey } from "#lib/keys/contract";
import type { Authorized } from "#lib/platform/context";

/** Refuses a key's calls until it is enabled again. */
export function disableApiKey(ctx: Authorized<"keys:write">, reference: string): Promise<ApiKey> {
  return changeKey(ctx, reference, { action: "api_key.disabled", isPowerNeeded: false }, (row) => {
    requireNotRevoked(row);
    return row.status === "disabled" ? null : { status: "disabled" };
  });
}

/** Lets a disabled key call again. */
export function enableApiKey(ctx: Authorized<"keys:write">, reference: string): Promise<ApiKey> {
  return changeKey(ctx, reference, { action: "api_key.enabled", isPowerNeeded: true }, (row) => {
    requireNotRevoked(row);
    return row.status === "active" ? null : { status: "active" };
  });
}
