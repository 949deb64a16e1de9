import { type CompiledCors, compileCors } from "#gateway/cors";
import type { Check } from "#gateway/exchange";
import type { Matchable } from "#gateway/match-route";
import type { GatewayRow, PolicyRow, RouteRow, ServiceRow } from "#gateway/read-configuration";
import type { Upstream } from "#gateway/upstream/forward";
import type { ErrorFormat } from "#lib/core/endpoint";
import { runtime } from "#lib/platform/runtime";
import type { AuthenticationConfiguration, CredentialKind, RateLimitConfiguration } from "#lib/policies/contract";
import type { Cors } from "#lib/policies/cors-body";
import { defaultRouteLimits } from "#lib/rate-limits/default-limits";
import type { Limit } from "#lib/rate-limits/limit";
import { readLimits } from "#lib/rate-limits/translate-limits";

/** A route with everything a request on it needs, worked out once when the configuration changes. */
export interface CompiledRoute extends Matchable {
  readonly tenantId: string;
  readonly gatewayId: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly isServiceActive: boolean;
  /** The tenant's active services, id → name. */
  readonly serviceNames: ReadonlyMap<string, string>;
  readonly stripPrefix: boolean;
  readonly errorFormat: ErrorFormat;
  readonly cors: CompiledCors | null;
  readonly accept: ReadonlySet<CredentialKind>;
  readonly requiredScopes: readonly string[];
  /** The route's own limits, beside the caller's. */
  readonly limits: readonly Limit[];
  readonly countBy: RateLimitConfiguration["count_by"];
  readonly upstream: Upstream;
  /** Where its calls are counted (gateway/gateway-metrics.ts). */
  readonly metricsSlot: number;
  /** In the order of the pipeline. */
  checks: readonly Check[];
}

export interface RouteParts {
  readonly route: RouteRow;
  readonly gateway: GatewayRow;
  readonly service: ServiceRow;
  readonly policies: readonly PolicyRow[];
  readonly serviceNames: ReadonlyMap<string, string>;
  readonly upstream: Upstream;
}

const defaultCredentials: ReadonlySet<CredentialKind> = new Set(["api_key", "partner_token"]);

/** Puts a route together. Stored configurations were checked when they were saved; one that cannot be read throws. */
export function compileRoute({ route, gateway, service, policies, serviceNames, upstream }: RouteParts): CompiledRoute {
  const configurationOf = (kind: string) => policies.find((policy) => policy.kind === kind)?.configuration;
  const authentication = configurationOf("authentication") as AuthenticationConfiguration | undefined;
  const rateLimit = configurationOf("rate_limit") as RateLimitConfiguration | undefined;
  const cors = (configurationOf("cors") ?? gateway.cors) as Cors | null;
  return {
    id: route.id,
    path: route.path,
    priority: route.priority,
    methods: route.methods,
    headers: route.match_headers,
    tenantId: route.tenant_id,
    gatewayId: gateway.id,
    serviceId: service.id,
    serviceName: service.name,
    isServiceActive: service.is_active,
    serviceNames,
    stripPrefix: route.strip_prefix,
    errorFormat: gateway.error_format,
    cors: cors && compileCors(cors),
    accept: authentication ? new Set(authentication.accept) : defaultCredentials,
    requiredScopes: authentication?.required_scopes ?? [],
    limits: rateLimit ? routeLimits(rateLimit) : defaultRouteLimits(),
    countBy: rateLimit?.count_by ?? "api_key",
    upstream,
    metricsSlot: runtime().gatewayMetrics.slotOf(gateway.name, route.path),
    checks: [],
  };
}

/** Named apart from the caller's: `minute` of the route and `minute` of the key are two limits. */
function routeLimits({ limits }: RateLimitConfiguration): Limit[] {
  return readLimits(limits).map((limit) => ({ ...limit, id: `route-${limit.id}` }));
}
