import { handle } from "#lib/http/handle";
import * as contract from "#lib/services/contract";
import { createService } from "#lib/services/create-service";
import { listServices } from "#lib/services/list-services";

export const GET = handle(contract.listServices, (ctx, { query }) => listServices(ctx, query));

export const POST = handle(contract.createService, (ctx, { body }) => createService(ctx, body));
