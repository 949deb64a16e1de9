import { showJwks } from "#lib/identity/show-jwks";

export const dynamic = "force-dynamic";

export const GET = () =>
  Response.json(showJwks(), {
    headers: { "content-type": "application/jwk-set+json", "cache-control": "public, max-age=300" },
  });
