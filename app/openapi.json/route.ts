import { openApiDocument } from "#lib/http/openapi";
import { runtime } from "#lib/platform/runtime";

export const dynamic = "force-dynamic";

export function GET(): Response {
  return Response.json(openApiDocument(runtime().env.PUBLIC_URL), {
    headers: { "cache-control": "public, max-age=60", "access-control-allow-origin": "*" },
  });
}
