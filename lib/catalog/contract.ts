import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { idText } from "#lib/core/text";

const prefix = "/api/v1/api-management";
const tag = "Catalog";

const catalogRoute = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string(),
    methods: z.array(z.string()).meta({ description: "Empty: any method." }),
    service_id: z.string(),
    service_name: z.string(),
    credentials: z.array(z.enum(["api_key", "partner_token", "anonymous"])),
    is_allowed: z.boolean().meta({ description: "Whether the caller's account may call this service." }),
  })
  .meta({ id: "CatalogRoute" });

export const catalogApi = z
  .object({
    gateway_id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    base_url: z.string().meta({ description: "Where its routes are called." }),
    on_portal: z.boolean().meta({ description: "It can be tried in the explorer." }),
    openapi_path: z.string(),
    routes: z.array(catalogRoute),
  })
  .meta({ id: "CatalogApi" });

export type CatalogApi = z.output<typeof catalogApi>;

export const getCatalog = endpoint({
  operationId: "getCatalog",
  method: "GET",
  path: `${prefix}/catalog`,
  tag,
  summary: "What can be called through the gateways, and where",
  permission: "catalog:read",
  success: { status: 200, schema: z.object({ data: z.array(catalogApi) }) },
});

export const getGatewayOpenApi = endpoint({
  operationId: "getGatewayOpenApi",
  method: "GET",
  path: `${prefix}/gateways/{gateway_id}/openapi.json`,
  tag,
  summary: "The OpenAPI document of a gateway, made from its routes",
  permission: "catalog:read",
  params: z.strictObject({ gateway_id: idText }),
  success: { status: 200, schema: z.record(z.string(), z.unknown()) },
  errors: ["NOT_FOUND"],
});
