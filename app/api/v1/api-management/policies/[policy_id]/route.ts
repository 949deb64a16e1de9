import { handle } from "#lib/http/handle";
import * as contract from "#lib/policies/contract";
import { deletePolicy } from "#lib/policies/delete-policy";
import { getPolicy } from "#lib/policies/get-policy";
import { updatePolicy } from "#lib/policies/update-policy";

export const GET = handle(contract.getPolicy, (ctx, { params }) => getPolicy(ctx, params.policy_id));

export const PUT = handle(contract.updatePolicy, (ctx, { params, body }) => updatePolicy(ctx, params.policy_id, body));

export const DELETE = handle(contract.deletePolicy, (ctx, { params }) => deletePolicy(ctx, params.policy_id));
