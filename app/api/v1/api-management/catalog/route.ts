import * as contract from "#lib/catalog/contract";
import { getCatalog } from "#lib/catalog/get-catalog";
import { handle } from "#lib/http/handle";

export const GET = handle(contract.getCatalog, (ctx) => getCatalog(ctx));
