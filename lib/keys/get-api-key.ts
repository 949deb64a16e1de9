import { notFound } from "#lib/core/errors";
import type { ApiKey } from "#lib/keys/contract";
import { describeApiKey } from "#lib/keys/describe-api-key";
import { findApiKey } from "#lib/keys/repository";
import type { Authorized } from "#lib/platform/context";

/** One key by id or small integer. Somebody else's key and no key are the same answer. */
export async function getApiKey(ctx: Authorized<"keys:read">, reference: string): Promise<ApiKey> {
  const row = await findApiKey(ctx.db, ctx.actor, reference);
  if (!row) throw notFound("API key");
  return describeApiKey(ctx.db, row, ctx.now);
}
