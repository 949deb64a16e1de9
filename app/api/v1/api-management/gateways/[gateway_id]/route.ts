import * as contract from "#lib/gateways/contract";
import { deleteGateway } from "#lib/gateways/delete-gateway";
import { getGateway } from "#lib/gateways/get-gateway";
import { updateGateway } from "#lib/gateways/update-gateway";
import { handle } from "#lib/http/handle";

export const GET = handle(contract.getGateway, (ctx, { params }) => getGateway(ctx, params.gateway_id));

export const PUT = handle(contract.updateGateway, (ctx, { params, body }) =>
  updateGateway(ctx, params.gateway_id, body),
);

export const DELETE = handle(contract.deleteGateway, (ctx, { params }) => deleteGateway(ctx, params.gateway_id));
