import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { refresh } from "#lib/identity/refresh";

export const POST = handle(contract.refresh, (ctx, { body }) => refresh(ctx, body));
