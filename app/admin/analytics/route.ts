import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { getPlainAnalytics } from "#lib/usage/get-plain-analytics";

export const GET = handle(contract.getPlainAnalytics, (ctx, { query }) => getPlainAnalytics(ctx, query));
