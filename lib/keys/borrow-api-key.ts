import { AppError, notFound } from "#lib/core/errors";
import { powersOf, requireWithin } from "#lib/keys/key-powers";
import { findApiKey } from "#lib/keys/repository";
import { statusOf } from "#lib/keys/serialize";
import type { Authorized } from "#lib/platform/context";

/** What a token made from a key says of it. */
export interface BorrowedKey {
  keyId: string;
  accountId: string;
  generation: number;
}

/**
 * A key somebody may use without its secret: one within their reach, that may do no more than they, and is active. Throws NOT_FOUND
 * (somebody else's key and none look alike), PERMISSION_DENIED, CONFLICT.
 */
export async function borrowApiKey(ctx: Authorized<"keys:read">, reference: string): Promise<BorrowedKey> {
  const row = await findApiKey(ctx.db, ctx.actor, reference);
  if (!row) throw notFound("API key");
  requireWithin(ctx.actor, powersOf(row));
  const status = statusOf(row, ctx.now);
  if (status !== "active") throw new AppError("CONFLICT", `This key is ${status}. Choose an active one.`);
  return { keyId: row.id, accountId: row.accountId, generation: row.generation };
}
