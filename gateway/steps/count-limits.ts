import type { CompiledRoute } from "#gateway/compile";
import type { Exchange, Step } from "#gateway/exchange";
import { networkOf } from "#lib/core/ip-addresses";
import { RecentMap } from "#lib/core/recent-map";
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
  compile: (route) => (exchange) => {
    const limits = preparedLimits(route, exchange);
    if (limits.rows.length === 0) {
      decide(exchange.trace, "no_limit_applies");
      return undefined;
    }
    return consumePrepared(runtime().limiter, limits).then((decision) => {
      exchange.limits = decision;
      traceLimits(exchange.trace, decision);
      return decision.admitted ? undefined : rateLimitError(decision);
    });
  },
};

/** A key's checks on a route, worked out once as long as neither of them is replaced by a changed one. */
interface KeptLimits {
  readonly key: VerifiedKey;
  readonly route: CompiledRoute;
  readonly limits: PreparedLimits;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    /** Of the keys that call at the moment, by key and route. */
    preparedLimits: RecentMap<string, KeptLimits>;
  }
}

const keptMax = 10_000;

/** The table of worked-out limits of a process. */
export function openPreparedLimits(): RecentMap<string, KeptLimits> {
  return new RecentMap(keptMax);
}

function preparedLimits(route: CompiledRoute, exchange: Exchange): PreparedLimits {
  const { key } = exchange;
  if (key === null || countsByAddress(route)) return prepareLimits(route.tenantId, checksOf(route, exchange));
  const name = `${key.id} ${route.id}`;
  const { preparedLimits: kept } = runtime();
  const known = kept.get(name);
  if (known && known.key === key && known.route === route) return known.limits;
  const limits = prepareLimits(route.tenantId, checksOf(route, exchange));
  kept.set(name, { key, route, limits });
  return limits;
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
