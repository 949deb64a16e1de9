import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addLatency,
  emptyLatencyHistogram,
  latencyBucketCount,
  latencyBucketOf,
  latencyPercentile,
  mergeLatencies,
} from "#lib/usage/latency-histogram";

const latency = fc.integer({ min: 0, max: 40_000_000 });
const latencies = fc.array(latency, { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[]) {
  const histogram = emptyLatencyHistogram();
  for (const value of values) addLatency(histogram, value);
  return histogram;
}

test("a longer latency is never in an earlier bucket", () => {
  fc.assert(
    fc.property(latency, latency, (a, b) => latencyBucketOf(Math.min(a, b)) <= latencyBucketOf(Math.max(a, b))),
  );
});

test("a bucket's own bound belongs to it and one microsecond more to the next", () => {
  for (let bucket = 0; bucket < latencyBucketCount - 1; bucket++) {
    const bound = 100 * 2 ** (bucket / 2);
    expect(latencyBucketOf(bound)).toBe(bucket);
    expect(latencyBucketOf(bound + 1)).toBe(bucket + 1);
  }
  expect(latencyBucketOf(1e12)).toBe(latencyBucketCount - 1);
});

test("histograms that are merged are the histogram of everything", () => {
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      const merged = histogramOf(a);
      mergeLatencies(merged, histogramOf(b));
      expect(merged).toEqual(histogramOf([...a, ...b]));
    }),
  );
});

test("a percentile is at most a bucket's width from the true one", () => {
  fc.assert(
    fc.property(latencies, fc.constantFrom(50, 95, 99), (values, percent) => {
      const truth = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil((values.length * percent) / 100)) - 1] ?? 0;
      const estimate = latencyPercentile(histogramOf(values), percent) ?? Number.NaN;
      expect(estimate).toBeGreaterThanOrEqual(Math.floor(truth / Math.SQRT2) - 100);
      expect(estimate).toBeLessThanOrEqual(Math.ceil(truth * Math.SQRT2) + 100);
    }),
  );
});

test("nothing counted has no percentile", () => {
  expect(latencyPercentile(emptyLatencyHistogram(), 50)).toBeNull();
});
