import { notFound } from "#lib/core/errors";
import type { ApiKey } from "#lib/keys/contract";
import { findApiKey } from "#lib/keys/repository";
import { serializeApiKey } from "#lib/keys/serialize";
import type { Authorized } from "#lib/platform/context";

/** One key by id or small integer. Somebody else's key and no key are the same answer. */
export async function getApiKey(ctx: Authorized<"keys:read">, reference: string): Promise<ApiKey> {
  const row = await findApiKey(ctx.db, ctx.actor.tenantId, reference);
  if (!row) throw notFound("API key");
  return serializeApiKey(row, ctx.now);
}
