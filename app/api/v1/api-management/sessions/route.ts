import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { listSessions } from "#lib/identity/list-sessions";

export const GET = handle(contract.listSessions, (ctx) => listSessions(ctx));
