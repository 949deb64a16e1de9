import { handle } from "#lib/http/handle";
import { getRateLimit } from "#lib/keys/get-rate-limit";
import * as contract from "#lib/rate-limits/contract";

export const GET = handle(contract.getRateLimit, (ctx, { query }) => getRateLimit(ctx, query));
