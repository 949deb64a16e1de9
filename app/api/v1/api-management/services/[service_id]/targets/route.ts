import { handle } from "#lib/http/handle";
import * as contract from "#lib/services/contract";
import { createTarget } from "#lib/services/create-target";
import { listTargets } from "#lib/services/list-targets";

export const GET = handle(contract.listTargets, (ctx, { params }) => listTargets(ctx, params.service_id));

export const POST = handle(contract.createTarget, (ctx, { params, body }) =>
  createTarget(ctx, params.service_id, body),
);
