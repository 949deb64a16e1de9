import { AppError } from "#lib/core/errors";
import { changeKey, requireNotRevoked } from "#lib/keys/change-key";
import type { IssuedApiKey } from "#lib/keys/contract";
import type { ApiKeyChange, ApiKeyRow } from "#lib/keys/repository";
import { withoutPrevious } from "#lib/keys/revoke-api-key";
import { generateSecret, hashSecret, visibleEnds } from "#lib/keys/secret";
import { statusOf } from "#lib/keys/serialize";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";

/**
 * Replaces a key's secret; id, limits and statistics stay (rules R7). The old secret works for `gracePeriodSeconds` more, never
 * beyond the key's own expiry; zero ends it at once. A secret before the old one ends in any case.
 */
export async function regenerateApiKey(
  ctx: Authorized<"keys:write">,
  reference: string,
  gracePeriodSeconds: number,
): Promise<IssuedApiKey> {
  const secret = generateSecret("live");
  const key = await changeKey(ctx, reference, { action: "api_key.rotated", isPowerNeeded: true }, (row) => {
    requireNotRevoked(row);
    if (statusOf(row, ctx.now) === "expired")
      throw new AppError("CONFLICT", "The key has expired. Give it a later expiry first, or create a new one.");
    return {
      ...visibleEnds(secret),
      secretHash: hashSecret(runtime().env.KEY_PEPPER, secret),
      ...overlap(row, ctx.now, gracePeriodSeconds),
      generation: row.generation + 1,
      rotatedAt: ctx.now,
    };
  });
  return { ...key, key: secret };
}

function overlap(row: ApiKeyRow, now: Date, seconds: number): ApiKeyChange {
  if (seconds === 0) return withoutPrevious;
  const end = new Date(now.getTime() + seconds * 1000);
  return {
    previousHash: row.secretHash,
    previousLast4: row.keyLast4,
    previousExpiresAt: row.expiresAt && row.expiresAt < end ? row.expiresAt : end,
  };
}
