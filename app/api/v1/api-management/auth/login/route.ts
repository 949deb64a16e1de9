import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { login } from "#lib/identity/login";

export const POST = handle(contract.login, (ctx, { body }) => login(ctx, body));
