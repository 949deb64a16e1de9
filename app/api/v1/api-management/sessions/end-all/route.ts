import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { endAllSessions } from "#lib/identity/end-all-sessions";

export const POST = handle(contract.endAllSessions, (ctx) => endAllSessions(ctx));
