import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { resendVerification } from "#lib/identity/resend-verification";

export const POST = handle(contract.resendVerification, (ctx, { body }) => resendVerification(ctx, body));
