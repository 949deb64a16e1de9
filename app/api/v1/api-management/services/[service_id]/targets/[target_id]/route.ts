import { handle } from "#lib/http/handle";
import * as contract from "#lib/services/contract";
import { deleteTarget } from "#lib/services/delete-target";
import { updateTarget } from "#lib/services/update-target";

export const PUT = handle(contract.updateTarget, (ctx, { params, body }) =>
  updateTarget(ctx, params.service_id, params.target_id, body),
);

export const DELETE = handle(contract.deleteTarget, (ctx, { params }) =>
  deleteTarget(ctx, params.service_id, params.target_id),
);
