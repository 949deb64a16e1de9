import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, line, name, reference } from "#lib/core/text";
import { policyKinds } from "#lib/policies/contract";

const prefix = "/api/v1/api-management";
const tag = "Routes";

export const routeMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/**
 * `/customers/{id}/lines`: `{name}` is any one segment, a last `*` is any rest, none included. Matched case-sensitively against
 * the path as it is forwarded; one trailing slash means nothing.
 */
export const pathPattern = z
  .string()
  .max(500)
  .regex(
    /^(?:\/(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%[0-9A-F]{2})+|\/\{[a-z][a-z0-9_]{0,40}\})*(?:\/\*|\/)?$/,
    "must be a path such as /v1/customers/*, /orders/{order_id} or /posts",
  )
  .refine((text) => text.startsWith("/"), "must begin with a slash")
  .refine(
    (text) => !text.split("/").some((segment) => segment === "." || segment === ".."),
    "must not hold dot segments",
  )
  .refine(
    (text) => new Set(parameterNames(text)).size === parameterNames(text).length,
    "must not name a parameter twice",
  )
  .meta({ example: "/v1/customers/*" });

/** The names in braces of a pattern, in order. */
export const parameterNames = (pattern: string): string[] =>
  [...pattern.matchAll(/\{([a-z0-9_]+)\}/g)].map((match) => match[1] ?? "");

const matchHeader = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,100}$/i, "must be a header name"),
  value: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x20-\x7e]+$/, "must be printable ASCII")
    .refine((value) => value === value.trim(), "must not begin or end with a space: HTTP does not carry it"),
});

export const route = z
  .object({
    id: z.string().meta({ example: "rt_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    gateway_id: z.string(),
    service_id: z.string(),
    service_name: z.string(),
    name: z.string(),
    path: z.string(),
    methods: z.array(z.enum(routeMethods)).meta({ description: "Empty: any method. HEAD is served where GET is." }),
    headers: z.array(matchHeader).meta({ description: "Headers a request must carry to match." }),
    priority: z.int().meta({ description: "Higher is tried first; among equals the more specific path." }),
    strip_prefix: z.boolean().meta({ description: "Forward only what `*` stands for, without the pattern before it." }),
    is_active: z.boolean(),
    policies: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(policyKinds) })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "Route" });

const rules = {
  methods: z.array(z.enum(routeMethods)).max(routeMethods.length),
  headers: z.array(matchHeader).max(10),
  priority: z.int().min(-1000).max(1000),
  strip_prefix: z.boolean(),
  is_active: z.boolean(),
  policy_ids: z.array(idText).max(10).meta({ description: "All policies of the route, at most one of each kind." }),
};

export const createRouteBody = z
  .strictObject({
    name: name().optional().meta({ description: "The path when absent." }),
    path: pathPattern,
    service_id: reference,
    ...z.object(rules).partial().shape,
  })
  .meta({ id: "CreateRoute" });

export const updateRouteBody = z
  .strictObject({
    name: name().optional(),
    path: pathPattern.optional(),
    service_id: reference.optional(),
    ...z.object(rules).partial().shape,
  })
  .meta({ id: "UpdateRoute" });

export type Route = z.output<typeof route>;
export type CreateRouteBody = z.output<typeof createRouteBody>;
export type UpdateRouteBody = z.output<typeof updateRouteBody>;

const gatewayParams = z.strictObject({ gateway_id: idText });
const params = z.strictObject({ gateway_id: idText, route_id: idText });

export const listRoutes = endpoint({
  operationId: "listRoutes",
  method: "GET",
  path: `${prefix}/gateways/{gateway_id}/routes`,
  tag,
  summary: "List a gateway's routes",
  description: "In the order they are tried.",
  permission: "gateways:read",
  params: gatewayParams,
  query: z.strictObject({ ...pageQuery, search: line(100).optional(), service_id: idText.optional() }),
  success: { status: 200, schema: pageOf(route) },
  errors: ["NOT_FOUND"],
});

export const createRoute = endpoint({
  operationId: "createRoute",
  method: "POST",
  path: `${prefix}/gateways/{gateway_id}/routes`,
  tag,
  summary: "Create a route",
  description: "Serves within a second. Paths of the portal itself are refused.",
  permission: "gateways:write",
  params: gatewayParams,
  body: createRouteBody,
  success: { status: 201, schema: route },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const getRoute = endpoint({
  operationId: "getRoute",
  method: "GET",
  path: `${prefix}/gateways/{gateway_id}/routes/{route_id}`,
  tag,
  summary: "Get a route",
  permission: "gateways:read",
  params,
  success: { status: 200, schema: route },
  errors: ["NOT_FOUND"],
});

export const updateRoute = endpoint({
  operationId: "updateRoute",
  method: "PUT",
  path: `${prefix}/gateways/{gateway_id}/routes/{route_id}`,
  tag,
  summary: "Change a route",
  permission: "gateways:write",
  params,
  body: updateRouteBody,
  success: { status: 200, schema: route },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deleteRoute = endpoint({
  operationId: "deleteRoute",
  method: "DELETE",
  path: `${prefix}/gateways/{gateway_id}/routes/{route_id}`,
  tag,
  summary: "Delete a route",
  permission: "gateways:write",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
