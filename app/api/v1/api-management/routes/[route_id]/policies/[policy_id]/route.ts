import { handle } from "#lib/http/handle";
import { attachPolicy } from "#lib/policies/attach-policy";
import * as contract from "#lib/policies/contract";
import { detachPolicy } from "#lib/policies/detach-policy";

export const POST = handle(contract.attachPolicy, (ctx, { params }) =>
  attachPolicy(ctx, params.route_id, params.policy_id),
);

export const DELETE = handle(contract.detachPolicy, (ctx, { params }) =>
  detachPolicy(ctx, params.route_id, params.policy_id),
);
