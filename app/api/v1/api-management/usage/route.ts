import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { listUsage } from "#lib/usage/list-usage";

export const GET = handle(contract.listUsage, (ctx, { query }) => listUsage(ctx, query));
