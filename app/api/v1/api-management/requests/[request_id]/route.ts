import { handle } from "#lib/http/handle";
import * as contract from "#lib/usage/contract";
import { getRequest } from "#lib/usage/get-request";

export const GET = handle(contract.getRequest, (ctx, { params }) => getRequest(ctx, params.request_id));
