import { ApiProblem, accountCookie } from "#lib/http/client";

/**
 * The two calls of next-auth that a browser makes. Its own client (`next-auth/react`) polls the session and wraps the app in
 * a provider; the portal needs neither, because every page and every API call checks the session itself.
 */
type Action = "callback/credentials" | "signout";

/** Runs one action of next-auth and returns the address it answers with. Throws ApiProblem when it cannot be reached or refuses. */
export async function runAuthAction(action: Action, fields: Record<string, string>): Promise<URL> {
  const { csrfToken } = await ask("csrf");
  const { url } = await ask(action, { ...fields, csrfToken: String(csrfToken), json: "true" });
  return new URL(String(url), window.location.origin);
}

/** The account chosen by whoever was signed in before says nothing about who is next. */
export function forgetChosenAccount(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox ESR.
  document.cookie = `${accountCookie(window.location.origin)}=; path=/; max-age=0; samesite=lax`;
}

async function ask(action: Action | "csrf", fields?: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await send(`/api/auth/${action}`, fields);
  const body: Record<string, unknown> = await response.json().catch(() => ({}));
  // A refused sign-in is a 401 with an address that names the reason: an answer, not a failure.
  if (typeof body.url === "string" || typeof body.csrfToken === "string") return body;
  throw new ApiProblem({
    status: response.status,
    code: "INTERNAL_ERROR",
    detail: typeof body.detail === "string" ? body.detail : `The server answered ${response.status}.`,
    requestId: response.headers.get("x-request-id"),
  });
}

async function send(path: string, fields?: Record<string, string>): Promise<Response> {
  try {
    return await fetch(path, {
      cache: "no-store",
      ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    });
  } catch {
    const detail = "Portico cannot be reached. Check your connection and try again.";
    throw new ApiProblem({ status: 0, code: "NETWORK", detail });
  }
}
