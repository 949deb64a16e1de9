import { handle } from "#lib/http/handle";
import * as contract from "#lib/routes/contract";
import { createRoute } from "#lib/routes/create-route";
import { listRoutes } from "#lib/routes/list-routes";

export const GET = handle(contract.listRoutes, (ctx, { params, query }) => listRoutes(ctx, params.gateway_id, query));

export const POST = handle(contract.createRoute, (ctx, { params, body }) => createRoute(ctx, params.gateway_id, body));
