import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, line, name, reference } from "#lib/core/text";

const prefix = "/api/v1/api-management";
const tag = "Partners";
const perMinute = z.int().min(1).max(1_000_000_000);

export const partner = z
  .object({
    id: z.string().meta({ example: "acct_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    number: z.int(),
    name: z.string(),
    allowed_services: z.array(z.string()).meta({ description: "Names of the services the partner may call." }),
    service_ids: z.array(z.string()),
    rate_limit: z
      .int()
      .nullable()
      .meta({ description: "Requests per minute of each of its keys; null: it has limits of another kind." }),
    is_active: z.boolean(),
    keys_count: z.int().meta({ description: "Keys that are not revoked." }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "Partner" });

export const issuedPartner = partner
  .extend({ api_key: z.string().meta({ description: "The secret of its first key. Shown once." }) })
  .meta({ id: "IssuedPartner" });

const rules = {
  service_ids: z.array(reference).max(100),
  allowed_services: z.array(line(100)).max(100).meta({ description: "By name, instead of service_ids." }),
  rate_limit: perMinute,
  is_active: z.boolean(),
};

export const createPartnerBody = z
  .strictObject({ name: name(), ...z.object(rules).omit({ is_active: true }).partial().shape })
  .meta({ id: "CreatePartner" });

export const updatePartnerBody = z
  .strictObject({ name: name().optional(), ...z.object(rules).partial().shape })
  .meta({ id: "UpdatePartner" });

export type Partner = z.output<typeof partner>;
export type IssuedPartner = z.output<typeof issuedPartner>;
export type CreatePartnerBody = z.output<typeof createPartnerBody>;
export type UpdatePartnerBody = z.output<typeof updatePartnerBody>;

const params = z.strictObject({ partner_id: idText });

export const listPartners = endpoint({
  operationId: "listPartners",
  method: "GET",
  path: `${prefix}/partners`,
  tag,
  summary: "List partners",
  permission: "partners:read",
  query: z.strictObject({ ...pageQuery, search: line(100).optional() }),
  success: { status: 200, schema: pageOf(partner) },
});

export const createPartner = endpoint({
  operationId: "createPartner",
  method: "POST",
  path: `${prefix}/partners`,
  tag,
  summary: "Create a partner with its first API key",
  description: "60 requests a minute and no service unless you say otherwise.",
  permission: "partners:write",
  body: createPartnerBody,
  success: { status: 201, schema: issuedPartner },
  secretFields: ["api_key"],
});

export const getPartner = endpoint({
  operationId: "getPartner",
  method: "GET",
  path: `${prefix}/partners/{partner_id}`,
  tag,
  summary: "Get a partner",
  permission: "partners:read",
  params,
  success: { status: 200, schema: partner },
  errors: ["NOT_FOUND"],
});

export const updatePartner = endpoint({
  operationId: "updatePartner",
  method: "PUT",
  path: `${prefix}/partners/{partner_id}`,
  tag,
  summary: "Change a partner",
  description: "Its services and limit bite within a second, on tokens already given out too.",
  permission: "partners:write",
  params,
  body: updatePartnerBody,
  success: { status: 200, schema: partner },
  errors: ["NOT_FOUND"],
});

// S4's own paths and shapes (rules R4): numbers as ids, 200 on create, bare arrays, errors as {"detail": {…}}.

const partnerTime = z.string().meta({ example: "2026-01-29T12:00:00" });

export const plainPartner = z
  .object({
    id: z.int(),
    name: z.string(),
    allowed_services: z.array(z.string()),
    rate_limit: z.int().nullable(),
    is_active: z.boolean(),
    created_at: partnerTime,
    updated_at: partnerTime,
  })
  .meta({ id: "PlainPartner" });

const plain = { tag: "Partner gateway", errorFormat: "partner" } as const;

export const exchangeApiKey = endpoint({
  operationId: "exchangeApiKey",
  method: "POST",
  path: "/auth/token",
  ...plain,
  summary: "Exchange an API key for a token to call the gateway with",
  permission: "public",
  idempotent: false,
  body: z.strictObject({ api_key: z.string().max(200) }),
  success: {
    status: 200,
    schema: z
      .object({
        access_token: z.string(),
        token_type: z.literal("bearer"),
        expires_in: z.int(),
        partner_id: z.int(),
        partner_name: z.string(),
        allowed_services: z.array(z.string()),
        rate_limit: z.int().nullable(),
      })
      .meta({ id: "PartnerToken" }),
  },
  errors: ["API_KEY_INVALID", "IP_NOT_ALLOWED", "ACCOUNT_SUSPENDED", "TENANT_SUSPENDED"],
  secretFields: ["access_token"],
});

export const listPlainPartners = endpoint({
  operationId: "listPlainPartners",
  method: "GET",
  path: "/admin/partners",
  ...plain,
  summary: "List partners as a bare array",
  permission: "partners:read",
  success: { status: 200, schema: z.array(plainPartner) },
});

export const createPlainPartner = endpoint({
  operationId: "createPlainPartner",
  method: "POST",
  path: "/admin/partners",
  ...plain,
  summary: "Create a partner with its API key, answered with 200",
  permission: "partners:write",
  body: createPartnerBody,
  success: { status: 200, schema: plainPartner.extend({ api_key: z.string() }).meta({ id: "IssuedPlainPartner" }) },
  secretFields: ["api_key"],
});
