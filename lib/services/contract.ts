import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, line, name } from "#lib/core/text";

const prefix = "/api/v1/api-management";
const tag = "Services";

export const loadBalancers = ["round_robin"] as const;

/** What a service, a route's upstream and a partner's permission are called by: short, in lower case, as the seeds write them. */
export const serviceName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, "must begin with a letter and hold only lower-case letters, digits, - and _");

/** Where an upstream listens. A path in it stands before every forwarded path. */
export const upstreamUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .max(500)
  .refine((text) => !/[?#@]/.test(text), "must not hold a query, a fragment or a password")
  .refine(
    (text) => /^https?:\/\/[^/]/i.test(text) && /^[!-[\]-~]+$/.test(text),
    "must hold no spaces and only printable ASCII",
  )
  .meta({ example: "http://10.0.0.7:8000" });

const milliseconds = z.int().min(1).max(3_600_000);

export const serviceTarget = z
  .object({
    id: z.string().meta({ example: "tgt_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    name: z.string(),
    url: z.string(),
    weight: z.int(),
    max_connections: z.int().nullable(),
    is_active: z.boolean(),
    created_at: z.string(),
  })
  .meta({ id: "ServiceTarget" });

export const service = z
  .object({
    id: z.string().meta({ example: "svc_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    number: z.int().meta({ description: "The service's small integer in its tenant." }),
    name: z.string(),
    display_name: z.string(),
    description: z.string().nullable(),
    base_url: z.string().meta({ description: "Called where the service has no active targets." }),
    is_active: z.boolean().meta({ description: "Calls of an inactive service are answered with 503." }),
    load_balancer: z.enum(loadBalancers),
    connect_timeout_ms: z.int(),
    response_timeout_ms: z.int().meta({ description: "From the request's last byte to the answer's first." }),
    total_timeout_ms: z
      .int()
      .nullable()
      .meta({ description: "Of the whole exchange; null: none, so that streams may run." }),
    targets: z.array(serviceTarget),
    routes_count: z.int().meta({ description: "How many routes lead to it." }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "Service" });

const rules = {
  display_name: name(),
  description: line(500).nullable(),
  base_url: upstreamUrl,
  is_active: z.boolean(),
  load_balancer: z.enum(loadBalancers),
  connect_timeout_ms: milliseconds,
  response_timeout_ms: milliseconds,
  total_timeout_ms: milliseconds.nullable(),
};

export const createServiceBody = z
  .strictObject({ name: serviceName, ...z.object(rules).partial().shape, base_url: upstreamUrl })
  .meta({ id: "CreateService" });

export const updateServiceBody = z
  .strictObject({ name: serviceName.optional(), ...z.object(rules).partial().shape })
  .meta({ id: "UpdateService" });

const targetRules = {
  url: upstreamUrl,
  weight: z.int().min(1).max(1000),
  max_connections: z.int().min(1).max(10_000).nullable(),
  is_active: z.boolean(),
};

export const createTargetBody = z
  .strictObject({ name: serviceName, ...z.object(targetRules).partial().shape, url: upstreamUrl })
  .meta({ id: "CreateServiceTarget" });

export const updateTargetBody = z
  .strictObject({ name: serviceName.optional(), ...z.object(targetRules).partial().shape })
  .meta({ id: "UpdateServiceTarget" });

export type Service = z.output<typeof service>;
export type ServiceTarget = z.output<typeof serviceTarget>;
export type CreateServiceBody = z.output<typeof createServiceBody>;
export type UpdateServiceBody = z.output<typeof updateServiceBody>;
export type CreateTargetBody = z.output<typeof createTargetBody>;
export type UpdateTargetBody = z.output<typeof updateTargetBody>;

const params = z.strictObject({ service_id: idText });
const targetParams = z.strictObject({ service_id: idText, target_id: idText });

export const listServices = endpoint({
  operationId: "listServices",
  method: "GET",
  path: `${prefix}/services`,
  tag,
  summary: "List services",
  description: "Newest first.",
  permission: "services:read",
  query: z.strictObject({
    ...pageQuery,
    search: line(100).optional(),
    is_active: z.enum(["true", "false"]).optional(),
  }),
  success: { status: 200, schema: pageOf(service) },
});

export const createService = endpoint({
  operationId: "createService",
  method: "POST",
  path: `${prefix}/services`,
  tag,
  summary: "Create a service",
  description: "An upstream API that routes can lead to.",
  permission: "services:write",
  body: createServiceBody,
  success: { status: 201, schema: service },
  errors: ["CONFLICT"],
});

export const getService = endpoint({
  operationId: "getService",
  method: "GET",
  path: `${prefix}/services/{service_id}`,
  tag,
  summary: "Get a service with its targets",
  permission: "services:read",
  params,
  success: { status: 200, schema: service },
  errors: ["NOT_FOUND"],
});

export const updateService = endpoint({
  operationId: "updateService",
  method: "PUT",
  path: `${prefix}/services/{service_id}`,
  tag,
  summary: "Change a service",
  description: "A field that is absent stays, null clears it. Gateways follow within a second.",
  permission: "services:write",
  params,
  body: updateServiceBody,
  success: { status: 200, schema: service },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deleteService = endpoint({
  operationId: "deleteService",
  method: "DELETE",
  path: `${prefix}/services/{service_id}`,
  tag,
  summary: "Delete a service no route leads to",
  permission: "services:write",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const listTargets = endpoint({
  operationId: "listServiceTargets",
  method: "GET",
  path: `${prefix}/services/{service_id}/targets`,
  tag,
  summary: "List a service's targets",
  permission: "services:read",
  params,
  success: { status: 200, schema: z.object({ data: z.array(serviceTarget) }) },
  errors: ["NOT_FOUND"],
});

export const createTarget = endpoint({
  operationId: "createServiceTarget",
  method: "POST",
  path: `${prefix}/services/{service_id}/targets`,
  tag,
  summary: "Add a target to a service",
  description: "Calls are shared out among a service's active targets.",
  permission: "services:write",
  params,
  body: createTargetBody,
  success: { status: 201, schema: serviceTarget },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const updateTarget = endpoint({
  operationId: "updateServiceTarget",
  method: "PUT",
  path: `${prefix}/services/{service_id}/targets/{target_id}`,
  tag,
  summary: "Change a target",
  permission: "services:write",
  params: targetParams,
  body: updateTargetBody,
  success: { status: 200, schema: serviceTarget },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deleteTarget = endpoint({
  operationId: "deleteServiceTarget",
  method: "DELETE",
  path: `${prefix}/services/{service_id}/targets/{target_id}`,
  tag,
  summary: "Take a target out of a service for good",
  permission: "services:write",
  params: targetParams,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});
