import { invalidField } from "#lib/core/errors";
import { type Limit, normalizeLimit } from "#lib/rate-limits/limit";
import type { LimitBody } from "#lib/rate-limits/limit-body";

/** The API's limits as the limiter takes them. `path` is where they stand in the body: VALIDATION_FAILED names the field (`limits/0/window_seconds`). */
export function readLimits(bodies: readonly LimitBody[], path = "limits"): Limit[] {
  const limits = bodies.map((body, at) => {
    if (
      body.refill_rate !== undefined &&
      body.tokens_per_second !== undefined &&
      body.refill_rate !== body.tokens_per_second
    ) {
      throw invalidField(`${path}/${at}/tokens_per_second`, "This says otherwise than refill_rate.");
    }
    const given = {
      algorithm: body.algorithm,
      limit: body.limit,
      windowSeconds: body.window_seconds,
      burst: body.burst,
      refillPerSecond: body.refill_rate ?? body.tokens_per_second,
      alignedTo: body.aligned_to,
      timezone: body.timezone,
    };
    return normalizeLimit(given, `${path}/${at}`);
  });
  return limits.map((limit, at) =>
    limits.findIndex(({ id }) => id === limit.id) === at ? limit : { ...limit, id: `${limit.id}-${at}` },
  );
}

/** The limiter's limits as the API shows them. */
export function writeLimits(limits: readonly Limit[]): LimitBody[] {
  return limits.map((limit) => ({
    algorithm: limit.algorithm,
    limit: limit.limit,
    window_seconds: limit.windowSeconds,
    ...(limit.burst !== undefined && { burst: limit.burst }),
    ...(limit.refillPerSecond !== undefined && { refill_rate: limit.refillPerSecond }),
    ...(limit.alignedTo !== undefined && { aligned_to: limit.alignedTo }),
    ...(limit.timezone !== undefined && { timezone: limit.timezone }),
  }));
}
