import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { listPlainLogs } from "#lib/usage/list-plain-logs";

export const GET = handle(contract.listPlainLogs, (ctx, { query }) => listPlainLogs(ctx, query));
