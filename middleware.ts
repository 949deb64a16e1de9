import { type NextRequest, NextResponse } from "next/server";
import { guard } from "#lib/http/guard";

/**
 * Authenticates and limits every path a program calls before its handler runs. Node runtime: it shares the process's pools,
 * caches and limiter with server.ts, and calls the same functions as the gateway.
 */
export async function middleware(request: NextRequest): Promise<Response> {
  const guarded = await guard(request);
  if ("refusal" in guarded) return guarded.refusal;
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(guarded.passOn)) headers.set(name, value);
  return NextResponse.next({ request: { headers } });
}

export const config = {
  runtime: "nodejs",
  matcher: ["/api/v1/:path*", "/auth/token", "/admin/:path*", "/oauth/:path*"],
};
