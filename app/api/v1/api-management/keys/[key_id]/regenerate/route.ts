import { handle } from "#lib/http/handle";
import * as contract from "#lib/keys/contract";
import { regenerateApiKey } from "#lib/keys/regenerate-api-key";

export const POST = handle(contract.regenerateApiKey, (ctx, { params, body }) =>
  regenerateApiKey(ctx, params.key_id, body?.grace_period_seconds ?? 0),
);
