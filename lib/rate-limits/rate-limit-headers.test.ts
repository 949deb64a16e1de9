import { describe, expect, it } from "vitest";
import { consumeLimits, type LimitsDecision } from "#lib/rate-limits/consume-limits";
import { type Limit, normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { rateLimitError, rateLimitHeaders } from "#lib/rate-limits/rate-limit-headers";

const nowMs = 1_900_000_000_500;

async function decisionAfter(calls: number, ...limits: Limit[]): Promise<LimitsDecision> {
  const store = new MemoryLimitStore({ clock: () => nowMs });
  const checks = limits.map((limit) => ({ limit, subject: "key_1" }));
  for (let at = 1; at < calls; at++) await consumeLimits(store, "tn_1", checks);
  return consumeLimits(store, "tn_1", checks);
}

describe("rateLimitHeaders", () => {
  it("tells the most restrictive limit, every policy and nothing of waiting while calls are admitted", async () => {
    expect(rateLimitHeaders(await decisionAfter(1, slidingWindow(60, 60), slidingWindow(1000, 3600)))).toEqual({
      "X-RateLimit-Limit": "60",
      "X-RateLimit-Remaining": "59",
      "X-RateLimit-Reset": "1900000061",
      "X-RateLimit-Window": "60",
      "RateLimit-Policy": '"minute";q=60;w=60, "hour";q=1000;w=3600',
      RateLimit: '"minute";r=59;t=60',
    });
  });

  it("tells on a refusal how long to wait, as header, sentence and status agree", async () => {
    const decision = await decisionAfter(3, slidingWindow(2, 60), slidingWindow(1000, 3600));
    const error = rateLimitError(decision);
    expect(error).toMatchObject({
      code: "RATE_LIMIT_EXCEEDED",
      detail: "Rate limit exceeded. Try again in 60 seconds.",
      extras: { retryAfterSeconds: 60 },
    });
    expect(error.extras.headers).toMatchObject({
      "Retry-After": "60",
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Limit": "2",
      RateLimit: '"minute";r=0;t=60',
    });
  });

  it("says when the shared store is away", async () => {
    const decision = { ...(await decisionAfter(1, slidingWindow(60, 60))), degraded: true };
    expect(rateLimitHeaders(decision)["X-RateLimit-Degraded"]).toBe("1");
  });

  it("shows a bucket by its size and the time it fills in, and a burst as a limit of its own", async () => {
    const bucket = normalizeLimit({ algorithm: "token_bucket", limit: 100, windowSeconds: 60, burst: 20 });
    const burst = { ...slidingWindow(50, 60), burst: 10 };
    expect(rateLimitHeaders(await decisionAfter(1, bucket))).toMatchObject({
      "X-RateLimit-Limit": "20",
      "X-RateLimit-Window": "12",
    });
    expect(rateLimitHeaders(await decisionAfter(1, burst))["RateLimit-Policy"]).toBe(
      '"minute";q=50;w=60, "minute.burst";q=10;w=1',
    );
  });

  it("is empty when nothing was limited, and cannot be broken out of by a name", async () => {
    expect(rateLimitHeaders(await decisionAfter(1))).toEqual({});
    const odd = { ...slidingWindow(5, 60), id: 'a"b\\c\r\nX: 1é' };
    expect(rateLimitHeaders(await decisionAfter(1, odd)).RateLimit).toBe('"a\\"b\\\\c__X: 1_";r=4;t=60');
  });
});
