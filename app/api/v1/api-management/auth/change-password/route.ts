import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { changePassword } from "#lib/identity/change-password";

export const POST = handle(contract.changePassword, (ctx, { body }) => changePassword(ctx, body));
