/**
 * Latencies as counts in buckets whose bounds grow by √2, from 100 µs to 52 s. Two histograms add up bucket by bucket, which
 * percentiles do not; the price is that a percentile is known to within its bucket (at most ×1.42).
 * The number and bounds of the buckets are stored data: they never change.
 */
export type LatencyHistogram = number[];

export const latencyBucketCount = 40;

const firstBoundUs = 100;
const boundsUs = Array.from({ length: latencyBucketCount - 1 }, (_, index) => firstBoundUs * 2 ** (index / 2));

export function emptyLatencyHistogram(): LatencyHistogram {
  return new Array<number>(latencyBucketCount).fill(0);
}

/** The bucket of a latency in microseconds: the first whose upper bound (inclusive) it does not exceed; the last has none. */
export function latencyBucketOf(latencyUs: number): number {
  if (latencyUs <= firstBoundUs) return 0;
  const estimate = Math.min(Math.ceil(2 * Math.log2(latencyUs / firstBoundUs)), latencyBucketCount - 1);
  // The logarithm may round across a bound.
  if (latencyUs <= (boundsUs[estimate - 1] ?? 0)) return estimate - 1;
  return latencyUs > (boundsUs[estimate] ?? Number.POSITIVE_INFINITY) ? estimate + 1 : estimate;
}

/** Counts one latency (microseconds), in place. */
export function addLatency(histogram: LatencyHistogram, latencyUs: number): void {
  const bucket = latencyBucketOf(latencyUs);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** Adds `other` to `histogram`, in place. */
export function mergeLatencies(histogram: LatencyHistogram, other: readonly number[]): void {
  for (let bucket = 0; bucket < other.length; bucket++)
    histogram[bucket] = (histogram[bucket] ?? 0) + (other[bucket] ?? 0);
}

/**
 * The latency (microseconds) that `percent` of the counted calls did not exceed, interpolated within its bucket; null when
 * nothing was counted.
 */
export function latencyPercentile(histogram: readonly number[], percent: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil((total * percent) / 100));
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (below + count < rank) {
      below += count;
      continue;
    }
    const lower = bucket === 0 ? 0 : (boundsUs[bucket - 1] ?? 0);
    const upper = boundsUs[bucket] ?? lower * Math.SQRT2;
    return Math.round(lower + ((upper - lower) * (rank - below)) / count);
  }
  return null;
}
