import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { exportAnalytics } from "#lib/usage/export-analytics";

export const GET = handle(contract.getAnalytics, (ctx, { query }) => exportAnalytics(ctx, query));
