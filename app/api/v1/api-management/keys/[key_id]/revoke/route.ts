import { handle } from "#lib/http/handle";
import * as contract from "#lib/keys/contract";
import { revokeApiKey } from "#lib/keys/revoke-api-key";

export const PUT = handle(contract.revokeApiKey, (ctx, { params }) => revokeApiKey(ctx, params.key_id));

export const POST = handle(contract.revokeApiKeyByPost, (ctx, { params }) => revokeApiKey(ctx, params.key_id));
