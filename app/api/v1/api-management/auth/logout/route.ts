import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { logout } from "#lib/identity/logout";

export const POST = handle(contract.logout, (ctx) => logout(ctx));
