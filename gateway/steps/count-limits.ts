import type { CompiledRoute } from "#gateway/compile";
import type { Exchange, Step } from "#gateway/exchange";
import { networkOf } from "#lib/core/ip-addresses";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import { runtime } from "#lib/platform/runtime";
import { consumePrepared, type PreparedLimits, prepareLimits } from "#lib/rate-limits/consume-limits";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { rateLimitError } from "#lib/rate-limits/rate-limit-headers";
import { decide } from "#lib/usage/decision-codes";
import { traceLimits } from "#lib/usage/trace-decisions";

/** The caller's limits and the route's, counted in one atomic step: all of them or, when one refuses, none. */
export const countLimits: Step = {
  name: "limits",
  refusals: [429],
  compile(route) {
    const prepared = prepareOnce(route);
    return (exchange) => {
      const limits = prepared(exchange);
      if (limits.rows.length === 0) {
        decide(exchange.trace, "no_limit_applies");
        return undefined;
      }
      return consumePrepared(runtime().limiter, limits).then((decision) => {
        exchange.limits = decision;
        traceLimits(exchange.trace, decision);
        return decision.admitted ? undefined : rateLimitError(decision);
      });
    };
  },
};

/** A key's checks on a route stay the same as long as key and route do, and both are replaced when they change. */
function prepareOnce(route: CompiledRoute): (exchange: Exchange) => PreparedLimits {
  const ofKeys = new WeakMap<VerifiedKey, PreparedLimits>();
  return (exchange) => {
    const { key } = exchange;
    const known = key && ofKeys.get(key);
    if (known) return known;
    const limits = prepareLimits(route.tenantId, checksOf(route, exchange));
    if (key && !countsByAddress(route)) ofKeys.set(key, limits);
    return limits;
  };
}

const countsByAddress = ({ limits, countBy }: CompiledRoute) => countBy === "ip" && limits.length > 0;

function checksOf({ limits, countBy }: CompiledRoute, { key, route, admission }: Exchange): LimitCheck[] {
  const checks: LimitCheck[] = key ? key.limits.map((limit) => ({ limit, subject: key.id })) : [];
  if (limits.length === 0) return checks;
  const subject = `${route.id}:${counted[countBy](key, admission.origin.address)}`;
  for (const limit of limits) checks.push({ limit, subject });
  return checks;
}

type Subject = (key: Exchange["key"], address: string) => string;

/** Whom a route's limit counts. A caller without a key is its network. */
const counted: Readonly<Record<CompiledRoute["countBy"], Subject>> = {
  api_key: (key, address) => key?.id ?? networkOf(address),
  account: (key, address) => key?.accountId ?? networkOf(address),
  ip: (_, address) => networkOf(address),
  route: () => "all",
};
