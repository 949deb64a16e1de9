import { handle } from "#lib/http/handle";
import * as contract from "#lib/identity/contract";
import { getMe } from "#lib/identity/get-me";

export const GET = handle(contract.getMe, (ctx) => getMe(ctx));
