import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, instant, line, name, reference } from "#lib/core/text";
import { limitBody } from "#lib/rate-limits/limit-body";

const prefix = "/api/v1/api-management" as const;
const tag = "API keys";

const permissionFlags = z.strictObject({ read: z.boolean(), write: z.boolean(), admin: z.boolean() });
const rateLimitPeriods = ["second", "minute", "hour", "day"] as const;
const rate = z.int().min(1).max(1_000_000_000);
const scope = z.string().regex(/^[a-z][a-z0-9_.-]{0,40}(:[a-z0-9_.*-]{1,40})?$/, "must look like keys:read");

export const keyStatuses = ["active", "disabled", "expired", "revoked"] as const;

export const apiKey = z
  .object({
    id: z.string().meta({ example: "key_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    number: z.int().meta({ description: "The key's small integer in its tenant." }),
    key_prefix: z
      .string()
      .meta({ description: "The secret's first characters, to recognise it by.", example: "ak_7Yb2" }),
    key_last4: z.string().meta({ example: "wX9z" }),
    name: z.string(),
    description: z.string().nullable(),
    account_id: z.string().meta({ description: "The account the key belongs to." }),
    customer_id: z.string().meta({ description: "The same as account_id." }),
    created_by: z.string(),
    status: z.enum(keyStatuses),
    is_active: z.boolean(),
    permissions: permissionFlags,
    scopes: z.array(z.string()).meta({ description: "Narrows the permissions; empty: not narrowed." }),
    service_ids: z
      .array(z.string())
      .nullable()
      .meta({ description: "The services the key may call; null: all of the account's." }),
    allowed_ips: z
      .array(z.string())
      .meta({ description: "Addresses and CIDR ranges calls may come from; empty: any." }),
    limits: z.array(limitBody).meta({ description: "The limits in force." }),
    rate_limit: z.int().nullable(),
    rate_limit_period: z.enum(rateLimitPeriods),
    rate_limit_per_minute: z.int().nullable(),
    rate_limit_per_hour: z.int().nullable(),
    rate_limit_per_day: z.int().nullable(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    rotated_at: z.string().nullable(),
    previous_key: z
      .object({
        key_last4: z.string(),
        expires_at: z.string(),
        total_requests: z.int(),
        last_used: z.string().nullable(),
      })
      .nullable()
      .meta({
        description:
          "The secret before the last rotation, while it still works, and the calls made since with it (counted up to 10,000; refused ones are not).",
      }),
    total_requests: z.int(),
    last_used: z.string().nullable(),
    last_used_ip: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "ApiKey" });

export const issuedApiKey = apiKey
  .extend({ key: z.string().meta({ description: "The secret. Shown once: we keep only its hash." }) })
  .meta({ id: "IssuedApiKey" });

const rules = {
  description: line(500).nullable(),
  permissions: permissionFlags.partial(),
  scopes: z.array(scope).max(50),
  service_ids: z.array(reference).max(100).nullable(),
  allowed_ips: z.array(z.string().max(50)).max(100),
  limits: z.array(limitBody).min(1).max(10).nullable(),
  rate_limit: rate.nullable(),
  rate_limit_period: z.enum(rateLimitPeriods),
  rate_limit_per_minute: rate.nullable(),
  rate_limit_per_hour: rate.nullable(),
  rate_limit_per_day: rate.nullable(),
  expires_at: instant.nullable(),
};

export const createApiKeyBody = z
  .strictObject({
    name: name(),
    customer_id: reference.optional(),
    account_id: reference.optional(),
    ...z.object(rules).partial().shape,
  })
  .meta({ id: "CreateApiKey" });

export const updateApiKeyBody = z
  .strictObject({ name: name().optional(), is_active: z.boolean().optional(), ...z.object(rules).partial().shape })
  .meta({ id: "UpdateApiKey" });

const gracePeriodMaxSeconds = 30 * 86_400;

export const regenerateApiKeyBody = z
  .strictObject({
    grace_period_seconds: z
      .int()
      .min(0)
      .max(gracePeriodMaxSeconds)
      .default(0)
      .meta({ description: "How long the old secret still works. Never beyond the key's expiry." }),
  })
  .optional();

export type ApiKey = z.output<typeof apiKey>;
export type IssuedApiKey = z.output<typeof issuedApiKey>;
export type CreateApiKeyBody = z.output<typeof createApiKeyBody>;
export type UpdateApiKeyBody = z.output<typeof updateApiKeyBody>;
export type KeyRules = Partial<Omit<UpdateApiKeyBody, "name" | "is_active">>;

const params = z.strictObject({ key_id: idText });
const answersWithKey = { status: 200, schema: apiKey } as const;

export const listApiKeys = endpoint({
  operationId: "listApiKeys",
  method: "GET",
  path: `${prefix}/keys`,
  tag,
  summary: "List API keys",
  description: "Newest first. Secrets are never in it.",
  permission: "keys:read",
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(keyStatuses).optional(),
    search: line(100).optional().meta({ description: "Part of a name, or the last characters of the secret." }),
    account_id: idText.optional(),
  }),
  success: { status: 200, schema: pageOf(apiKey) },
});

export const createApiKey = endpoint({
  operationId: "createApiKey",
  method: "POST",
  path: `${prefix}/keys`,
  tag,
  summary: "Create an API key",
  description: "The secret is in the answer and nowhere else: a lost one is replaced, never recovered.",
  permission: "keys:write",
  body: createApiKeyBody,
  success: { status: 201, schema: issuedApiKey },
  errors: ["PLAN_LIMIT_REACHED", "NOT_FOUND"],
  secretFields: ["key"],
});

export const getApiKey = endpoint({
  operationId: "getApiKey",
  method: "GET",
  path: `${prefix}/keys/{key_id}`,
  tag,
  summary: "Get an API key",
  permission: "keys:read",
  params,
  success: answersWithKey,
  errors: ["NOT_FOUND"],
});

export const updateApiKey = endpoint({
  operationId: "updateApiKey",
  method: "PUT",
  path: `${prefix}/keys/{key_id}`,
  tag,
  summary: "Change an API key",
  description: "A field that is absent stays, null clears it, permissions are merged.",
  permission: "keys:write",
  params,
  body: updateApiKeyBody,
  success: answersWithKey,
  errors: ["NOT_FOUND", "CONFLICT"],
});

export const deleteApiKey = endpoint({
  operationId: "deleteApiKey",
  method: "DELETE",
  path: `${prefix}/keys/{key_id}`,
  tag,
  summary: "Delete an API key; its usage history stays",
  permission: "keys:write",
  params,
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});

export const regenerateApiKey = endpoint({
  operationId: "regenerateApiKey",
  method: "POST",
  path: `${prefix}/keys/{key_id}/regenerate`,
  tag,
  summary: "Replace an API key's secret",
  description: "Id, limits and statistics stay. The old secret stops at once, or after grace_period_seconds.",
  permission: "keys:write",
  params,
  body: regenerateApiKeyBody,
  success: { status: 200, schema: issuedApiKey },
  errors: ["NOT_FOUND", "CONFLICT"],
  secretFields: ["key"],
});

const stateChange = {
  tag,
  permission: "keys:write",
  params,
  success: answersWithKey,
  errors: ["NOT_FOUND", "CONFLICT"],
} as const;

export const revokeApiKey = endpoint({
  operationId: "revokeApiKey",
  method: "PUT",
  path: `${prefix}/keys/{key_id}/revoke`,
  summary: "Revoke an API key for good",
  ...stateChange,
});

export const revokeApiKeyByPost = endpoint({
  operationId: "revokeApiKeyByPost",
  method: "POST",
  path: `${prefix}/keys/{key_id}/revoke`,
  summary: "Revoke an API key for good (POST)",
  ...stateChange,
});

export const disableApiKey = endpoint({
  operationId: "disableApiKey",
  method: "POST",
  path: `${prefix}/keys/{key_id}/disable`,
  summary: "Disable an API key until it is enabled again",
  ...stateChange,
});

export const enableApiKey = endpoint({
  operationId: "enableApiKey",
  method: "POST",
  path: `${prefix}/keys/{key_id}/enable`,
  summary: "Enable a disabled API key",
  ...stateChange,
});
