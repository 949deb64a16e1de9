import { handle } from "#lib/http/handle";
import * as contract from "#lib/routes/contract";
import { deleteRoute } from "#lib/routes/delete-route";
import { getRoute } from "#lib/routes/get-route";
import { updateRoute } from "#lib/routes/update-route";

export const GET = handle(contract.getRoute, (ctx, { params }) =>
  getRoute(ctx, { gatewayId: params.gateway_id, id: params.route_id }),
);

export const PUT = handle(contract.updateRoute, (ctx, { params, body }) =>
  updateRoute(ctx, { gatewayId: params.gateway_id, id: params.route_id }, body),
);

export const DELETE = handle(contract.deleteRoute, (ctx, { params }) =>
  deleteRoute(ctx, { gatewayId: params.gateway_id, id: params.route_id }),
);
