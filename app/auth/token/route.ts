import { handle } from "#lib/http/handle";
import * as contract from "#lib/partners/contract";
import { exchangeApiKey } from "#lib/partners/exchange-api-key";

export const POST = handle(contract.exchangeApiKey, (ctx, { body }) => exchangeApiKey(ctx, body));
