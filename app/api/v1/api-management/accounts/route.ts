import * as contract from "#lib/accounts/contract";
import { listAccounts } from "#lib/accounts/list-accounts";
import { handle } from "#lib/http/handle";

export const GET = handle(contract.listAccounts, (ctx, { query }) => listAccounts(ctx, query));
