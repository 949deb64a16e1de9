import type { Cors } from "#lib/policies/cors-body";

/** CORS rules with everything that does not depend on the request written out. */
export interface CompiledCors {
  readonly anyOrigin: boolean;
  readonly origins: ReadonlySet<string>;
  readonly allowCredentials: boolean;
  /** Flat, of every preflight that is allowed. */
  readonly preflight: readonly string[];
  readonly exposed: string;
}

/** What browsers' code may read of every answer: a program must see which limit it hit, and what to quote to support. */
const alwaysExposed = [
  "X-Request-Id",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "X-RateLimit-Window",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
];

export function compileCors(cors: Cors): CompiledCors {
  return {
    anyOrigin: cors.allowed_origins.includes("*"),
    origins: new Set(cors.allowed_origins.map((origin) => origin.toLowerCase())), // as browsers write theirs
    allowCredentials: cors.allow_credentials,
    preflight: [
      ...["Access-Control-Allow-Methods", cors.allowed_methods.join(", ")],
      ...["Access-Control-Allow-Headers", cors.allowed_headers.join(", ")],
      ...["Access-Control-Max-Age", String(cors.max_age)],
    ],
    exposed: [...new Set([...alwaysExposed, ...cors.exposed_headers])].join(", "),
  };
}

/** Flat headers of a preflight's answer; without permission when the origin is not allowed, which the browser reads as no. */
export function preflightHeaders(cors: CompiledCors, origin: string): string[] {
  const allowed = allowOrigin(cors, origin);
  return allowed.length === 0 ? ["Vary", "Origin"] : [...allowed, ...cors.preflight];
}

/** Flat headers of any other answer. One that depends on the Origin says so even to who sent none, or a cache would give it to others. */
export function corsHeaders(cors: CompiledCors, origin: string | undefined): string[] {
  if (origin === undefined) return cors.anyOrigin ? [] : ["Vary", "Origin"];
  const allowed = allowOrigin(cors, origin);
  return allowed.length === 0 ? ["Vary", "Origin"] : [...allowed, "Access-Control-Expose-Headers", cors.exposed];
}

function allowOrigin(cors: CompiledCors, origin: string): string[] {
  if (cors.anyOrigin) return ["Access-Control-Allow-Origin", "*"];
  if (!cors.origins.has(origin)) return [];
  return [
    ...["Access-Control-Allow-Origin", origin, "Vary", "Origin"],
    ...(cors.allowCredentials ? ["Access-Control-Allow-Credentials", "true"] : []),
  ];
}
