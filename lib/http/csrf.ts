import { AppError, isAppError } from "#lib/core/errors";

/**
 * The CSRF rule: a request that a cookie speaks for, and that is not a mere read, must say it comes from our own pages. A
 * cross-site form cannot set `Origin` to ours. `ifSent`: endpoints that need no cookie refuse only a foreign Origin.
 */
export function requireSameOrigin(request: Request, publicUrl: string, rule: { ifSent: boolean }): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("origin");
  if (origin === new URL(publicUrl).origin || (origin === null && rule.ifSent)) return;
  throw new AppError("PERMISSION_DENIED", `A signed-in browser may change things only from ${publicUrl}.`, {
    about: foreignOrigin,
  });
}

const foreignOrigin = "a foreign origin";

/** Whether a refusal is one of `requireSameOrigin`. */
export function isForeignOrigin(error: unknown): boolean {
  return isAppError(error) && error.extras.about === foreignOrigin;
}
