import { z } from "zod";

const origin = z
  .string()
  .max(300)
  .regex(
    /^(\*|https?:\/\/[a-z0-9.-]+(:\d{1,5})?)$/i,
    "must be * or a scheme and a host, such as https://customer.isp.com",
  );
const token = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "must be a header or method name");

/** Who may call from a browser (Fetch standard, CORS), of a gateway or a policy. */
export const corsBody = z
  .strictObject({
    allowed_origins: z.array(origin).min(1).max(100),
    allowed_methods: z.array(token).min(1).max(20).default(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
    allowed_headers: z
      .array(token)
      .max(100)
      .default(["Content-Type", "Authorization", "X-API-Key", "X-Request-Id", "Idempotency-Key"]),
    exposed_headers: z.array(token).max(100).default([]),
    allow_credentials: z.boolean().default(false),
    max_age: z
      .int()
      .min(0)
      .max(86_400)
      .default(600)
      .meta({ description: "Seconds a browser may keep a preflight's answer." }),
  })
  .refine(({ allowed_origins, allow_credentials }) => !(allow_credentials && allowed_origins.includes("*")), {
    path: ["allow_credentials"],
    error: "goes only with named origins",
  })
  .meta({ id: "Cors" });

export type Cors = z.output<typeof corsBody>;
