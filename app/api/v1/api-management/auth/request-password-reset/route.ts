import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { requestPasswordReset } from "#lib/identity/request-password-reset";

export const POST = handle(contract.requestPasswordReset, (ctx, { body }) => requestPasswordReset(ctx, body));
