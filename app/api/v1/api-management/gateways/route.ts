import * as contract from "#lib/gateways/contract";
import { createGateway } from "#lib/gateways/create-gateway";
import { listGateways } from "#lib/gateways/list-gateways";
import { handle } from "#lib/http/handle";

export const GET = handle(contract.listGateways, (ctx, { query }) => listGateways(ctx, query));

export const POST = handle(contract.createGateway, (ctx, { body }) => createGateway(ctx, body));
