import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { getStats } from "#lib/usage/get-stats";

export const GET = handle(contract.getStats, (ctx, { query }) => getStats(ctx, query));
