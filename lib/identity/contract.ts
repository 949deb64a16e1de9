import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { permissions, roles } from "#lib/core/permissions";
import { name } from "#lib/core/text";

const prefix = "/api/v1/api-management";

export const passwordLengthMin = 10;
export const passwordLengthMax = 256;

const email = z.string().min(3).max(320).meta({ example: "ada@example.com" });
/** Any text: a wrong password is answered as wrong, not as malformed. */
const password = z.string().min(1).max(1024).meta({ example: "correct horse battery" });
const newPassword = z
  .string()
  .min(passwordLengthMin, `must have at least ${passwordLengthMin} characters`)
  .max(1024)
  .meta({
    description: `${passwordLengthMin} to ${passwordLengthMax} characters, none of the most common passwords.`,
    example: "correct horse battery",
  });
const mailedToken = z
  .string()
  .max(200)
  .meta({ description: "The token of the link in the mail.", example: "ver_4Xj0…" });

/** The same for every address, so that nobody learns who has an account. */
const accepted = z
  .object({ status: z.literal("accepted") })
  .meta({ id: "Accepted", description: "If the address can be used this way, a mail is on its way." });

export const tokens = z
  .object({
    access_token: z.string().meta({ description: "A user JWT. Send it as `Authorization: Bearer`." }),
    token_type: z.literal("bearer"),
    expires_in: z.int().meta({ description: "Seconds.", example: 86400 }),
    refresh_token: z.string().meta({ description: "Good for one refresh. Using it twice ends the session." }),
  })
  .meta({ id: "UserTokens" });

export const session = z
  .object({
    id: z.string().meta({ example: "ses_8mUuY2bq0aKx1sTQf5Rv7n" }),
    kind: z.enum(["browser", "program"]),
    user_agent: z.string().nullable(),
    ip_address: z.string().nullable(),
    is_current: z.boolean(),
    created_at: z.iso.datetime(),
    last_seen_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "Session" });

const tenant = z.object({ id: z.string(), name: z.string(), slug: z.string() });
const account = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  kind: z.enum(["customer", "reseller", "partner", "internal"]),
});

export const membership = z
  .object({
    id: z.string(),
    role: z.enum(roles),
    tenant,
    account: account.nullable().meta({ description: "Null: a role in the tenant as a whole." }),
    is_current: z.boolean(),
  })
  .meta({ id: "Membership" });

export const me = z
  .object({
    user: z
      .object({ id: z.string(), email: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "Null when an API key asks." }),
    role: z.enum(roles).nullable(),
    permissions: z.array(z.enum(permissions)),
    tenant: tenant.nullable(),
    account: account.nullable(),
    memberships: z.array(membership),
    session_id: z.string().nullable(),
  })
  .meta({ id: "Me" });

export type Tokens = z.output<typeof tokens>;
export type Session = z.output<typeof session>;
export type Me = z.output<typeof me>;
export type Accepted = z.output<typeof accepted>;

export const signUpBody = z.strictObject({
  email,
  password: newPassword,
  name: name(100).meta({ example: "Ada Lovelace" }),
  account_name: name(100)
    .optional()
    .meta({ description: "The name of the customer account; the person's own by default." }),
});
export type SignUpBody = z.output<typeof signUpBody>;

const unguarded = { tag: "Sign-in", permission: "public", idempotent: false } as const;

export const signUp = endpoint({
  ...unguarded,
  operationId: "signUp",
  method: "POST",
  path: `${prefix}/auth/sign-up`,
  summary: "Sign up",
  description:
    "Creates a person and a customer account in the tenant of the host, and mails a link to confirm the address.",
  body: signUpBody,
  success: { status: 202, schema: accepted },
});

export const verifyEmail = endpoint({
  ...unguarded,
  operationId: "verifyEmail",
  method: "POST",
  path: `${prefix}/auth/verify-email`,
  summary: "Confirm an e-mail address",
  body: z.strictObject({ token: mailedToken }),
  success: { status: 204 },
});

export const resendVerification = endpoint({
  ...unguarded,
  operationId: "resendVerification",
  method: "POST",
  path: `${prefix}/auth/resend-verification`,
  summary: "Mail the confirmation link again",
  body: z.strictObject({ email }),
  success: { status: 202, schema: accepted },
});

export const requestPasswordReset = endpoint({
  ...unguarded,
  operationId: "requestPasswordReset",
  method: "POST",
  path: `${prefix}/auth/request-password-reset`,
  summary: "Ask for a link to set a new password",
  body: z.strictObject({ email }),
  success: { status: 202, schema: accepted },
});

export const resetPassword = endpoint({
  ...unguarded,
  operationId: "resetPassword",
  method: "POST",
  path: `${prefix}/auth/reset-password`,
  summary: "Set a new password with a mailed token",
  description: "The token works once, for 15 minutes. Every session of the person ends.",
  body: z.strictObject({ token: mailedToken, password: newPassword }),
  success: { status: 204 },
});

export const login = endpoint({
  ...unguarded,
  operationId: "login",
  method: "POST",
  path: `${prefix}/auth/login`,
  summary: "Get a user JWT for a program",
  body: z.strictObject({ email, password }),
  success: { status: 200, schema: tokens },
  errors: ["TOKEN_INVALID", "PERMISSION_DENIED", "ACCOUNT_SUSPENDED"],
});

export const refresh = endpoint({
  ...unguarded,
  operationId: "refresh",
  method: "POST",
  path: `${prefix}/auth/refresh`,
  summary: "Exchange a refresh token for new tokens",
  body: z.strictObject({ refresh_token: z.string().max(200) }),
  success: { status: 200, schema: tokens },
  errors: ["TOKEN_INVALID", "ACCOUNT_SUSPENDED"],
});

export const logout = endpoint({
  operationId: "logout",
  method: "POST",
  path: `${prefix}/auth/logout`,
  tag: "Sign-in",
  summary: "End the session of this token",
  permission: "self:write",
  success: { status: 204 },
  idempotent: false,
});

export const changePassword = endpoint({
  operationId: "changePassword",
  method: "POST",
  path: `${prefix}/auth/change-password`,
  tag: "Sign-in",
  summary: "Change the own password",
  description: "Asks for the current password again. Every other session of the person ends.",
  permission: "self:write",
  body: z.strictObject({ current_password: password, new_password: newPassword }),
  success: { status: 204 },
  idempotent: false,
  transaction: "own", // two turns of Argon2
});

export const listSessions = endpoint({
  operationId: "listSessions",
  method: "GET",
  path: `${prefix}/sessions`,
  tag: "Sessions",
  summary: "List the own sessions",
  permission: "self:read",
  success: {
    status: 200,
    schema: z.object({ data: z.array(session), next_cursor: z.null(), has_more: z.literal(false) }),
  },
});

export const endSession = endpoint({
  operationId: "endSession",
  method: "DELETE",
  path: `${prefix}/sessions/{session_id}`,
  tag: "Sessions",
  summary: "End one of the own sessions",
  permission: "self:write",
  params: z.strictObject({ session_id: z.string().max(64) }),
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});

export const endAllSessions = endpoint({
  operationId: "endAllSessions",
  method: "POST",
  path: `${prefix}/sessions/end-all`,
  tag: "Sessions",
  summary: "Sign out everywhere",
  description: "Ends every session of the person, the one that asks included.",
  permission: "self:write",
  success: { status: 204 },
  idempotent: false,
});

export const getMe = endpoint({
  operationId: "getMe",
  method: "GET",
  path: `${prefix}/me`,
  tag: "Identity",
  summary: "Who am I",
  permission: "self:read",
  success: { status: 200, schema: me },
});

/** What the sign-in page says for the `error` that next-auth's `signIn` answers with. */
export const signInRefusals: Readonly<Record<string, string>> = {
  TOKEN_INVALID: "The e-mail address or the password is wrong.",
  PERMISSION_DENIED: "Confirm your e-mail address first: open the link in the mail we sent you.",
  ACCOUNT_SUSPENDED: "This sign-in is suspended. Contact the operator.",
  RATE_LIMIT_EXCEEDED: "Too many attempts. Wait a few minutes, then try again.",
  AUTH_BACKEND_UNAVAILABLE: "Signing in is not possible right now. Try again shortly.",
};
