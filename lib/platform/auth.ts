import type { NextApiRequest, NextApiResponse } from "next";
import type { NextRequest } from "next/server";
import NextAuth, { type AuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import { AppError, isAppError } from "#lib/core/errors";
import { newId } from "#lib/core/ids";
import { toProblem } from "#lib/core/problem";
import { ApiAnswer } from "#lib/platform/api-answer";
import { runtime } from "#lib/platform/runtime";

/** What a session cookie says. */
export interface CookieClaims {
  subject: string;
  sessionId: string;
}

/** What signing in to the portal means; the domain gives it to the adapter. */
export interface PortalSignIn {
  cookieName(use: "session" | "csrf" | "callback"): string;
  sessionSeconds: number;
  /** Starts a session. Throws an AppError, whose code the sign-in page shows as a sentence. */
  start(credentials: { email: string; password: string }, headers: Headers): Promise<CookieClaims>;
  sign(claims: CookieClaims): Promise<string>;
  /** The claims of a cookie whose session goes on, else null. */
  read(cookie: string): Promise<(CookieClaims & { name: string; email: string }) | null>;
  end(claims: CookieClaims, headers: Headers): Promise<void>;
}

const bodyBytesMax = 16 * 1024;
/** The actions of next-auth that the portal uses; the rest of its routes (such as writing to our log) do not exist. */
const readActions = ["csrf", "session", "providers", "signin", "signout", "error"];
const actions: Readonly<Record<string, readonly string[]>> = {
  GET: readActions,
  HEAD: readActions,
  POST: ["signin", "signout", "callback"],
};

type RouteParams = { params: Promise<{ nextauth: string[] }> };

/** The route handler of `/api/auth/*`. next-auth runs in it with its request checked and bounded first: it bounds nothing itself. */
export function authRoute(portal: PortalSignIn): (request: NextRequest, route: RouteParams) => Promise<Response> {
  return async (request, route) => {
    try {
      return await answer(portal, request, (await route.params).nextauth);
    } catch (error) {
      return refuse(error, request);
    }
  };
}

async function answer(
  portal: PortalSignIn,
  request: NextRequest,
  [action = "", provider, ...rest]: string[],
): Promise<Response> {
  const { env } = runtime();
  const isPost = request.method === "POST";
  const known = Object.hasOwn(actions, request.method) ? actions[request.method] : undefined;
  if (!known) {
    const allow = Object.keys(actions).join(", ");
    throw new AppError("METHOD_NOT_ALLOWED", `This path takes ${allow}.`, { headers: { allow } });
  }
  if (rest.length > 0 || !known.includes(action)) throw new AppError("NOT_FOUND", "No such page.");
  if (isPost && request.headers.get("origin") !== new URL(env.PUBLIC_URL).origin) {
    throw new AppError("PERMISSION_DENIED", `Sign in and out from ${env.PUBLIC_URL}.`);
  }
  // biome-ignore lint/style/noProcessEnv: written, not read: the only way to tell next-auth where it is.
  process.env.NEXTAUTH_URL = `${env.PUBLIC_URL}/api/auth`;
  const nextauth = provider === undefined ? [action] : [action, provider];
  const query = withoutForeignUrl(Object.fromEntries(request.nextUrl.searchParams));
  const cookies = Object.fromEntries(request.cookies.getAll().map(({ name, value }) => [name, value]));
  delete cookies[portal.cookieName("callback")]; // where to go next comes with the request, not from an earlier one
  const body = isPost ? withoutForeignUrl(await readFields(request)) : undefined;
  const apiRequest = {
    method: isPost ? "POST" : "GET", // next-auth does not know HEAD, which is a GET without its body
    query: { ...query, nextauth },
    headers: Object.fromEntries(request.headers),
    cookies,
    body,
  };
  const apiAnswer = new ApiAnswer();
  await NextAuth(
    apiRequest as unknown as NextApiRequest,
    apiAnswer as unknown as NextApiResponse,
    authOptions(portal, request.headers),
  );
  return apiAnswer.toResponse();
}

/** A callback URL that is no page of ours is dropped: next-auth would answer 500 to some of them. */
function withoutForeignUrl(fields: Record<string, string>): Record<string, string> {
  const { callbackUrl, ...others } = fields;
  return callbackUrl !== undefined && ownPage(callbackUrl) === callbackUrl ? fields : others;
}

/** The path of an address on our origin, or the start page: an open redirect lends our name to somebody else's page. */
function ownPage(address: string): string {
  const { origin } = new URL(runtime().env.PUBLIC_URL);
  const target = URL.canParse(address, origin) ? new URL(address, origin) : undefined;
  const isOurs = target?.origin === origin && (address.startsWith("/") || address.startsWith(origin));
  return isOurs ? address : "/";
}

/** Form or JSON fields that are texts; anything else is left out, as if it had not been sent. */
async function readFields(request: Request): Promise<Record<string, string>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) throw new AppError("PAYLOAD_TOO_LARGE", "The body is larger than 16 KiB.");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (!request.headers.get("content-type")?.includes("json")) return Object.fromEntries(new URLSearchParams(text));
  const fields: unknown = parseJson(text);
  return Object.fromEntries(
    Object.entries(fields ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("BAD_REQUEST", "The body is not valid JSON.");
  }
}

function authOptions(portal: PortalSignIn, headers: Headers): AuthOptions {
  const { env, logger } = runtime();
  const secure = env.PUBLIC_URL.startsWith("https:");
  const cookie = (use: "session" | "csrf" | "callback") => {
    return { name: portal.cookieName(use), options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure } };
  };
  return {
    secret: env.AUTH_SECRET,
    useSecureCookies: secure,
    session: { strategy: "jwt", maxAge: portal.sessionSeconds },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    cookies: { sessionToken: cookie("session"), csrfToken: cookie("csrf"), callbackUrl: cookie("callback") },
    providers: [
      {
        id: "credentials",
        name: "E-mail and password",
        type: "credentials",
        credentials: {},
        authorize: (given) => signIn(portal, given, headers),
      },
    ],
    jwt: {
      encode: async ({ token }) => portal.sign(claimsOf(token)),
      decode: async ({ token }) => asJwt(token === undefined ? null : await portal.read(token)),
    },
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id, sid: (user as SignedInUser).sessionId } : token),
      session: ({ session, token }) => ({ ...session, user: { name: token.name ?? null, email: token.email ?? null } }),
      redirect: ({ url, baseUrl }) => new URL(ownPage(url), baseUrl).href,
    },
    events: { signOut: async ({ token }) => (token ? portal.end(claimsOf(token), headers) : undefined) },
    logger: {
      error: (code, metadata) => logger.debug({ code, metadata }, "next-auth refused"),
      warn: (code) => logger.debug({ code }, "next-auth warned"),
      debug: () => undefined,
    },
  };
}

type SignedInUser = { id: string; sessionId: string };

async function signIn(
  portal: PortalSignIn,
  given: Record<string, unknown> | undefined,
  headers: Headers,
): Promise<SignedInUser> {
  const { email, password } = given ?? {};
  try {
    if (typeof email !== "string" || typeof password !== "string")
      throw new AppError("TOKEN_INVALID", "Send e-mail and password.");
    const { subject, sessionId } = await portal.start({ email, password }, headers);
    return { id: subject, sessionId };
  } catch (error) {
    if (!isAppError(error)) runtime().logger.error({ err: error }, "a sign-in failed");
    throw new Error(isAppError(error) ? error.code : "AUTH_BACKEND_UNAVAILABLE"); // next-auth shows it as `?error=` of the sign-in page
  }
}

function claimsOf(token: JWT | undefined): CookieClaims {
  const { sub, sid } = token ?? {};
  if (typeof sub !== "string" || typeof sid !== "string")
    throw new Error("A session cookie names a person and a session.");
  return { subject: sub, sessionId: sid };
}

function asJwt(claims: Awaited<ReturnType<PortalSignIn["read"]>>): JWT | null {
  return claims && { sub: claims.subject, sid: claims.sessionId, name: claims.name, email: claims.email };
}

function refuse(error: unknown, request: NextRequest): Response {
  const requestId = request.headers.get("x-request-id") ?? newId("req");
  const { status, headers, body } = toProblem(error, { path: request.nextUrl.pathname, requestId, now: new Date() });
  if (status >= 500) runtime().logger.error({ err: error, request_id: requestId }, "a sign-in request failed");
  return new Response(JSON.stringify(body), { status, headers });
}
