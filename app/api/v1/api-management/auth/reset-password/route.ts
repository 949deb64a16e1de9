import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { resetPassword } from "#lib/identity/reset-password";

export const POST = handle(contract.resetPassword, (ctx, { body }) => resetPassword(ctx, body));
