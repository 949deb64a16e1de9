import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { line } from "#lib/core/text";

export const accountKinds = ["customer", "reseller", "partner", "internal"] as const;

export const account = z
  .object({
    id: z.string().meta({ example: "acct_7Yb2cQ9xKf3LmN8pRsTuVw" }),
    number: z.int(),
    kind: z.enum(accountKinds),
    name: z.string(),
    parent_id: z.string().nullable().meta({ description: "The reseller the customer belongs to." }),
    status: z.enum(["active", "suspended"]),
    created_at: z.string(),
  })
  .meta({ id: "Account" });

export type Account = z.output<typeof account>;

export const listAccounts = endpoint({
  operationId: "listAccounts",
  method: "GET",
  path: "/api/v1/api-management/accounts",
  tag: "Accounts",
  summary: "List the accounts within reach",
  description: "Your own account; a reseller's customers too; all of the tenant for its admins.",
  permission: "accounts:read",
  query: z.strictObject({ ...pageQuery, search: line(100).optional(), kind: z.enum(accountKinds).optional() }),
  success: { status: 200, schema: pageOf(account) },
});
