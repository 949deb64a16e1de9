import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText } from "#lib/core/text";

const tag = "Limits";

export const limitState = z
  .object({
    name: z.string().meta({ description: "The limit's name in the RateLimit headers.", example: "minute" }),
    limit: z.int(),
    used: z.int(),
    remaining: z.int(),
    reset: z.int().meta({
      description: "Unix seconds: when the limit is full again, or, if it is empty, when one more call is admitted.",
    }),
    window_seconds: z.int(),
  })
  .meta({ id: "LimitState" });

const count = z.int().nullable();

export const rateLimitStatus = z
  .object({
    api_key_id: z.string(),
    name: z.string(),
    ...limitState.omit({ name: true }).shape,
    binding: z.string().meta({ description: "The name of the limit with the fewest calls left." }),
    minute_count: count,
    hour_count: count,
    day_count: count,
    minute_reset: count,
    hour_reset: count,
    day_reset: count,
    limits: z.array(limitState),
  })
  .meta({ id: "RateLimitStatus" });

export type LimitStateBody = z.output<typeof limitState>;
export type RateLimitStatus = z.output<typeof rateLimitStatus>;

export const getRateLimit = endpoint({
  operationId: "getRateLimit",
  method: "GET",
  path: "/api/v1/api-management/rate-limit",
  tag,
  summary: "Where an API key stands with its limits",
  description:
    "Called with a key: that key. Called by a person: one entry for each active key within reach, newest first, in pages; or the one named. Looking counts nothing, but the call itself is limited like any other.",
  permission: "limits:read",
  query: z.strictObject({ ...pageQuery, api_key_id: idText.optional() }),
  success: { status: 200, schema: z.union([rateLimitStatus, pageOf(rateLimitStatus)]) },
  errors: ["NOT_FOUND"],
});

export const whoAmI = endpoint({
  operationId: "whoAmI",
  method: "GET",
  path: "/api/v1/api-management/whoami",
  tag: "Identity",
  summary: "Who the credential is, what it may do, and where it stands",
  permission: "self:read",
  success: {
    status: 200,
    schema: z
      .object({
        kind: z.enum(["api_key", "user"]),
        id: z.string(),
        name: z.string(),
        tenant_id: z.string(),
        account_id: z.string().nullable(),
        role: z.string().nullable(),
        permissions: z.array(z.string()),
        api_key: z
          .object({
            id: z.string(),
            name: z.string(),
            permissions: z.object({ read: z.boolean(), write: z.boolean(), admin: z.boolean() }),
            scopes: z.array(z.string()),
            service_ids: z.array(z.string()).nullable(),
            expires_at: z.string().nullable(),
          })
          .nullable(),
        limits: z
          .array(limitState)
          .meta({ description: "Every limit this call was counted against, the call included." }),
        binding_limit: limitState
          .nullable()
          .meta({ description: "The one with the fewest calls left: the X-RateLimit headers speak of it." }),
      })
      .meta({ id: "WhoAmI" }),
  },
});
