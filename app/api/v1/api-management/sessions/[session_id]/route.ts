import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { endSession } from "#lib/identity/end-session";

export const DELETE = handle(contract.endSession, (ctx, { params }) => endSession(ctx, params.session_id));
