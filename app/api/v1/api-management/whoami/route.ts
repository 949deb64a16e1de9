import { handle } from "#lib/http/handle";
import { whoAmI } from "#lib/keys/who-am-i";
import * as contract from "#lib/rate-limits/contract";

export const GET = handle(contract.whoAmI, (ctx) => whoAmI(ctx));
