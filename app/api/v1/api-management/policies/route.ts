import { handle } from "#lib/http/handle";
import * as contract from "#lib/policies/contract";
import { createPolicy } from "#lib/policies/create-policy";
import { listPolicies } from "#lib/policies/list-policies";

export const GET = handle(contract.listPolicies, (ctx, { query }) => listPolicies(ctx, query));

export const POST = handle(contract.createPolicy, (ctx, { body }) => createPolicy(ctx, body));
