import * as contract from "#lib/explorer/contract";
import { tryCall } from "#lib/explorer/try-call";
import { handle } from "#lib/http/handle";

export const POST = handle(contract.tryCall, (ctx, { body }) => tryCall(ctx, body));
