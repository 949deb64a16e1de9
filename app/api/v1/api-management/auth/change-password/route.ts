import { handle } from "#lib/http/handle";
import { changePassword } from "#lib/identity/change-password";
import * as contract from "#lib/identity/contract";

export const POST = handle(contract.changePassword, (ctx, { body }) => changePassword(ctx, body));
