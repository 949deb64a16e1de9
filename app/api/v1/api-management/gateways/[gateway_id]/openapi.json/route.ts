import * as contract from "#lib/catalog/contract";
import { getGatewayOpenApi } from "#lib/catalog/get-gateway-openapi";
import { handle } from "#lib/http/handle";

export const GET = handle(contract.getGatewayOpenApi, (ctx, { params }) => getGatewayOpenApi(ctx, params.gateway_id));
