import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { exportUsage } from "#lib/usage/export-usage";

export const GET = handle(contract.listUsageLogs, (ctx, { query }) => exportUsage(ctx, query));
