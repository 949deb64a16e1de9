import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, name } from "#lib/core/text";
import { corsBody } from "#lib/policies/cors-body";
import { limitBody } from "#lib/rate-limits/limit-body";

const prefix = "/api/v1/api-management";
const tag = "Policies";

export const policyKinds = ["authentication", "rate_limit", "cors"] as const;
export const credentialKinds = ["api_key", "partner_token", "anonymous"] as const;
export const countedBy = ["api_key", "account", "ip", "route"] as const;

/** Which credentials a route takes. Without such a policy: an API key or a partner token. */
export const authenticationConfiguration = z.strictObject({
  accept: z
    .array(z.enum(credentialKinds))
    .min(1)
    .max(credentialKinds.length)
    .refine((kinds) => new Set(kinds).size === kinds.length, "must not name a value twice")
    .meta({ description: "Any of these will do. `anonymous` lets callers in without a credential." }),
  required_scopes: z
    .array(z.string().regex(/^[a-z][a-z0-9_.-]{0,40}(:[a-z0-9_.*-]{1,40})?$/, "must look like customer:read"))
    .max(20)
    .default([]),
});

/** The limits of a route, beside those of the caller. Without such a policy: 1000 a minute and 100 in one second, per key. */
export const rateLimitConfiguration = z.strictObject({
  limits: z.array(limitBody).max(10).meta({ description: "Empty: the route has no limit of its own." }),
  count_by: z.enum(countedBy).default("api_key").meta({ description: "Callers without a key are counted by address." }),
});

const variants = [
  z.strictObject({ kind: z.literal("authentication"), configuration: authenticationConfiguration }),
  z.strictObject({ kind: z.literal("rate_limit"), configuration: rateLimitConfiguration }),
  z.strictObject({ kind: z.literal("cors"), configuration: corsBody }),
] as const;

/** One rule that routes share. A route takes at most one of each kind. */
export const policy = z
  .object({
    id: z.string().meta({ example: "pol_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    name: z.string(),
    kind: z.enum(policyKinds),
    configuration: z.union([authenticationConfiguration, rateLimitConfiguration, corsBody]),
    routes_count: z.int().meta({ description: "How many routes it applies to." }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "Policy" });

export const createPolicyBody = z
  .discriminatedUnion("kind", [
    variants[0].extend({ name: name() }),
    variants[1].extend({ name: name() }),
    variants[2].extend({ name: name() }),
  ])
  .meta({ id: "CreatePolicy" });

/** The kind of a policy stays; `configuration` is replaced as a whole. */
export const updatePolicyBody = z
  .strictObject({
    name: name().optional(),
    configuration: z.union([authenticationConfiguration, rateLimitConfiguration, corsBody]).optional(),
  })
  .meta({ id: "UpdatePolicy" });

export type Policy = z.output<typeof policy>;
export type PolicyKind = (typeof policyKinds)[number];
export type CredentialKind = (typeof credentialKinds)[number];
export type AuthenticationConfiguration = z.output<typeof authenticationConfiguration>;
export type RateLimitConfiguration = z.output<typeof rateLimitConfiguration>;
export type CreatePolicyBody = z.output<typeof createPolicyBody>;
export type UpdatePolicyBody = z.output<typeof updatePolicyBody>;

const params = z.strictObject({ policy_id: idText });

export const listPolicies = endpoint({
  operationId: "listPolicies",
  method: "GET",
  path: `${prefix}/policies`,
  tag,
  summary: "List policies",
  permission: "gateways:read",
  query: z.strictObject({ ...pageQuery, kind: z.enum(policyKinds).optional() }),
  success: { status: 200, schema: pageOf(policy) },
});

export const createPolicy = endpoint({
  operationId: "createPolicy",
  method: "POST",
  path: `${prefix}/policies`,
  tag,
  summary: "Create a policy",
  permission: "gateways:write",
  body: createPolicyBody,
  success: { status: 201, schema: policy },
  errors: ["CONFLICT"],
});

export const getPolicy = endpoint({
  operationId: "getPolicy",
  method: "GET",
  path: `${prefix}/policies/{policy_id}`,
  tag,
  summary: "Get a policy",
  permission: "gateways:read",
  params,
  success: { status: 200, schema: policy },
  errors: ["NOT_FOUND"],
});

export const updatePolicy = endpoint({
  operationId: "updatePolicy",
  method: "PUT",
  path: `${prefix}/policies/{policy_id}`,
  tag,
  summary: "Change a policy for all its routes",
  permission: "gateways:write",
  params,
  body: updatePolicyBody,
  success: { status: 200, schema: policy },
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deletePolicy = endpoint({
  operationId: "deletePolicy",
  method: "DELETE",
  path: `${prefix}/policies/{policy_id}`,
  tag,
  summary: "Delete a policy no route has",
  permission: "gateways:write",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND", "CONFLICT"],
});

const attachment = {
  path: `${prefix}/routes/{route_id}/policies/{policy_id}`,
  tag,
  permission: "gateways:write",
  params: z.strictObject({ route_id: idText, policy_id: idText }),
  success: { status: 204 },
  errors: ["NOT_FOUND"],
} as const;

export const attachPolicy = endpoint({
  operationId: "attachPolicy",
  method: "POST",
  summary: "Apply a policy to a route, in place of another of its kind",
  ...attachment,
});

export const detachPolicy = endpoint({
  operationId: "detachPolicy",
  method: "DELETE",
  summary: "Take a policy off a route",
  ...attachment,
});
