import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { getKeyUsage } from "#lib/usage/get-key-usage";

export const GET = handle(contract.getKeyUsage, (ctx, { params, query }) => getKeyUsage(ctx, params.key_id, query));
