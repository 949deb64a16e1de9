import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { verifyEmail } from "#lib/identity/verify-email";

export const POST = handle(contract.verifyEmail, (ctx, { body }) => verifyEmail(ctx, body));
