import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, line, name } from "#lib/core/text";
import { corsBody } from "#lib/policies/cors-body";

const prefix = "/api/v1/api-management";
const tag = "Gateways";

export const errorFormats = ["problem", "partner"] as const;

/** Names that stand for an address wherever they are asked for (WHATWG URL: hosts that end in a number). Probes call the process by them. */
const isAddress = (host: string) => host === "localhost" || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(host);

/** A host name without port, in lower case. */
export const domainName = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(
    /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/,
    "must be a host name without port, such as api.isp.com",
  )
  .refine((host) => !isAddress(host), "must be a name, not an address");

export const gateway = z
  .object({
    id: z.string().meta({ example: "gw_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    name: z.string(),
    description: z.string().nullable(),
    domains: z.array(z.string()).meta({ description: "The hosts it serves; empty: any host." }),
    serve_on_portal: z
      .boolean()
      .meta({ description: "Also on the portal's own host. Only a super admin changes this." }),
    error_format: z.enum(errorFormats),
    cors: corsBody.nullable(),
    is_active: z.boolean(),
    routes_count: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "Gateway" });

const rules = {
  description: line(500).nullable(),
  domains: z.array(domainName).max(50),
  serve_on_portal: z.boolean(),
  error_format: z.enum(errorFormats),
  cors: corsBody.nullable(),
  is_active: z.boolean(),
};

export const createGatewayBody = z
  .strictObject({ name: name(), ...z.object(rules).partial().shape })
  .meta({ id: "CreateGateway" });

export const updateGatewayBody = z
  .strictObject({ name: name().optional(), ...z.object(rules).partial().shape })
  .meta({ id: "UpdateGateway" });

export type Gateway = z.output<typeof gateway>;
export type CreateGatewayBody = z.output<typeof createGatewayBody>;
export type UpdateGatewayBody = z.output<typeof updateGatewayBody>;

const params = z.strictObject({ gateway_id: idText });

export const listGateways = endpoint({
  operationId: "listGateways",
  method: "GET",
  path: `${prefix}/gateways`,
  tag,
  summary: "List gateways",
  permission: "gateways:read",
  query: z.strictObject({ ...pageQuery, search: line(100).optional() }),
  success: { status: 200, schema: pageOf(gateway) },
});

export const createGateway = endpoint({
  operationId: "createGateway",
  method: "POST",
  path: `${prefix}/gateways`,
  tag,
  summary: "Create a gateway",
  description: "A domain belongs to the tenant that named it first.",
  permission: "gateways:write",
  body: createGatewayBody,
  success: { status: 201, schema: gateway },
  errors: ["CONFLICT"],
});

export const getGateway = endpoint({
  operationId: "getGateway",
  method: "GET",
  path: `${prefix}/gateways/{gateway_id}`,
  tag,
  summary: "Get a gateway",
  permission: "gateways:read",
  params,
  success: { status: 200, schema: gateway },
  errors: ["NOT_FOUND"],
});

export const updateGateway = endpoint({
  operationId: "updateGateway",
  method: "PUT",
  path: `${prefix}/gateways/{gateway_id}`,
  tag,
  summary: "Change a gateway",
  description: "A field that is absent stays, null clears it. Served as changed within a second.",
  permission: "gateways:write",
  params,
  body: updateGatewayBody,
  success: { status: 200, schema: gateway },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deleteGateway = endpoint({
  operationId: "deleteGateway",
  method: "DELETE",
  path: `${prefix}/gateways/{gateway_id}`,
  tag,
  summary: "Delete a gateway with its routes",
  permission: "gateways:write",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
