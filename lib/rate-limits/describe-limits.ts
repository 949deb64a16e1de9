import { type LimitState, mostRestrictive } from "#lib/rate-limits/consume-limits";
import type { LimitStateBody, RateLimitStatus } from "#lib/rate-limits/contract";

/** A limit's state as the API shows it. */
export function describeLimit(state: LimitState): LimitStateBody {
  return {
    name: state.limitId,
    limit: state.limit,
    used: state.used,
    remaining: state.remaining,
    reset: state.resetAtSeconds,
    window_seconds: state.windowSeconds,
  };
}

/** Where a key stands, with S1's counts per window (rules R19). */
export function describeStatus(
  key: { id: string; name: string },
  states: readonly LimitState[],
): RateLimitStatus | undefined {
  const binding = mostRestrictive(states);
  if (!binding) return undefined;
  const { name, ...shown } = describeLimit(binding);
  const [minute, hour, day] = [60, 3600, 86_400].map((seconds) =>
    states.find(({ windowSeconds }) => windowSeconds === seconds),
  );
  return {
    api_key_id: key.id,
    name: key.name,
    ...shown,
    binding: name,
    minute_count: minute?.used ?? null,
    hour_count: hour?.used ?? null,
    day_count: day?.used ?? null,
    minute_reset: minute?.resetAtSeconds ?? null,
    hour_reset: hour?.resetAtSeconds ?? null,
    day_reset: day?.resetAtSeconds ?? null,
    limits: states.map(describeLimit),
  };
}
