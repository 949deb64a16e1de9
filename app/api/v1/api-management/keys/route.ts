import { handle } from "#lib/http/handle";
import * as contract from "#lib/keys/contract";
import { createApiKey } from "#lib/keys/create-api-key";
import { listApiKeys } from "#lib/keys/list-api-keys";

export const GET = handle(contract.listApiKeys, (ctx, { query }) => listApiKeys(ctx, query));

export const POST = handle(contract.createApiKey, (ctx, { body }) => createApiKey(ctx, body));
