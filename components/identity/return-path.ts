const origin = "http://portal.invalid";
const start = "/overview";

/**
 * The page to go to after signing in. Only a path of this origin, written as the browser will read it: an address that leads
 * elsewhere (`//evil.example`, `/\evil.example`, `/.//evil.example`), to the API or back to signing in is replaced by the start page.
 */
export function returnPath(given: string | readonly string[] | undefined): string {
  if (typeof given !== "string" || !given.startsWith("/") || !URL.canParse(given, origin)) return start;
  const { origin: target, pathname, search, hash } = new URL(given, origin);
  const isOurs = target === origin && !pathname.startsWith("//"); // `/.//evil.example` has become `//evil.example`
  const isPage = !/^\/(?:api|sign-in)(?:\/|$)/.test(pathname);
  return isOurs && isPage ? pathname + search + hash : start;
}
