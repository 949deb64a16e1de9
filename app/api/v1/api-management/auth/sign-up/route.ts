import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { signUp } from "#lib/identity/sign-up";

export const POST = handle(contract.signUp, (ctx, { body }) => signUp(ctx, body));
