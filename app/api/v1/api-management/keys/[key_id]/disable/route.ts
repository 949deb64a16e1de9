import { handle } from "#lib/http/handle";
import * as contract from "#lib/keys/contract";
import { disableApiKey } from "#lib/keys/disable-api-key";

export const POST = handle(contract.disableApiKey, (ctx, { params }) => disableApiKey(ctx, params.key_id));
