import { handle } from "#lib/http/handle";
import * as contract from "#lib/keys/contract";
import { enableApiKey } from "#lib/keys/disable-api-key";

export const POST = handle(contract.enableApiKey, (ctx, { params }) => enableApiKey(ctx, params.key_id));
