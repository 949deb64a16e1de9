import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { getKeyStats } from "#lib/usage/get-key-stats";

export const GET = handle(contract.getKeyStats, (ctx, { params, query }) => getKeyStats(ctx, params.key_id, query));
