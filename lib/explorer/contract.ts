import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { idText } from "#lib/core/text";

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "is not a header name");
const headerValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "is not a header value"); // RFC 9110 5.5

const answer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string().meta({ description: "Its bytes in base64." }),
  is_cut: z.boolean().meta({ description: "There was more of it, or it took too long." }),
});

export type Tried = z.output<typeof answer>;

/** The call behind "Execute" in the explorer: made by the portal, as one of the caller's keys. */
export const tryCall = endpoint({
  operationId: "tryCall",
  method: "POST",
  path: "/docs/explorer/call",
  tag: "Explorer",
  summary: "Make a call as one of the caller's keys",
  permission: "keys:read",
  body: z.strictObject({
    key_id: idText,
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    path: z
      .string()
      .max(8192)
      .meta({ description: "With the query; of the management API, or of a route served here." }),
    headers: z.record(headerName, headerValue).optional(),
    body: z.string().optional(),
  }),
  success: { status: 200, schema: answer },
  errors: ["NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_TIMEOUT"],
  transaction: "own",
  idempotent: false,
  isOfPage: true,
});
