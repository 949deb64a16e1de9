import { handle } from "#lib/http/handle";
import * as contract from "#lib/keys/contract";
import { deleteApiKey } from "#lib/keys/delete-api-key";
import { getApiKey } from "#lib/keys/get-api-key";
import { updateApiKey } from "#lib/keys/update-api-key";

export const GET = handle(contract.getApiKey, (ctx, { params }) => getApiKey(ctx, params.key_id));

export const PUT = handle(contract.updateApiKey, (ctx, { params, body }) => updateApiKey(ctx, params.key_id, body));

export const DELETE = handle(contract.deleteApiKey, (ctx, { params }) => deleteApiKey(ctx, params.key_id));
