import { handle } from "#lib/http/handle";
import * as contract from "#lib/services/contract";
import { deleteService } from "#lib/services/delete-service";
import { getService } from "#lib/services/get-service";
import { updateService } from "#lib/services/update-service";

export const GET = handle(contract.getService, (ctx, { params }) => getService(ctx, params.service_id));

export const PUT = handle(contract.updateService, (ctx, { params, body }) =>
  updateService(ctx, params.service_id, body),
);

export const DELETE = handle(contract.deleteService, (ctx, { params }) => deleteService(ctx, params.service_id));
