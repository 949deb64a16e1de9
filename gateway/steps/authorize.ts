import type { CompiledRoute } from "#gateway/compile";
import type { Exchange, Step } from "#gateway/exchange";
import { AppError } from "#lib/core/errors";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import { decide } from "#lib/usage/decision-codes";

const readingMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** May this caller do this here: the permission for the method (rules R5), the service, the scopes. */
export const authorize: Step = {
  name: "authorize",
  refusals: [403],
  compile: (route) => (exchange) => {
    const { key, method, trace } = exchange;
    if (key === null) return undefined;
    return checkMethod(key, method, trace) ?? checkServices(exchange, key) ?? checkScopes(route, key, trace);
  },
};

function checkMethod({ permissions }: VerifiedKey, method: string, trace: number[]): AppError | undefined {
  const needed = readingMethods.has(method) ? "read" : "write";
  if (!permissions[needed]) {
    decide(trace, "permission_missing");
    return new AppError("PERMISSION_DENIED", `${method} needs the ${needed} permission, which this key does not have.`);
  }
  decide(trace, "permission_granted");
  return undefined;
}

function checkServices({ route, trace }: Exchange, key: VerifiedKey): AppError | undefined {
  if (mayCall(key, route.serviceId)) {
    decide(trace, "service_allowed");
    return undefined;
  }
  decide(trace, "service_refused");
  const allowed = [...route.serviceNames].filter(([id]) => mayCall(key, id)).map(([, name]) => name);
  return new AppError(
    "SERVICE_NOT_ALLOWED",
    `Your API key does not have access to the '${route.serviceName}' service`,
    {
      members: { allowed_services: allowed },
    },
  );
}

/** Both must let it: what the account was granted, and what the key was narrowed to. */
function mayCall({ accountServiceIds, serviceIds }: VerifiedKey, serviceId: string): boolean {
  return (accountServiceIds?.includes(serviceId) ?? true) && (serviceIds?.includes(serviceId) ?? true);
}

/** A key without scopes is not narrowed by them. */
function checkScopes(
  { requiredScopes }: CompiledRoute,
  { scopes }: VerifiedKey,
  trace: number[],
): AppError | undefined {
  if (requiredScopes.length === 0 || scopes.length === 0) return undefined;
  const missing = requiredScopes.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return undefined;
  decide(trace, "scope_missing", missing.length);
  return new AppError("INSUFFICIENT_SCOPE", `This route needs the scope ${missing.join(" and ")}.`, {
    members: { required_scopes: requiredScopes },
  });
}
