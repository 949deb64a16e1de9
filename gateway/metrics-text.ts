import { AggregatorRegistry, Registry } from "prom-client";
import type { MetricJson } from "#lib/platform/metrics";

/** What Prometheus's text format calls itself in Content-Type. */
export const metricsContentType: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** The metrics of a process, or of several as one, in Prometheus's text format. What only one can say, the first says. */
export function writeMetrics(processes: readonly (readonly MetricJson[])[]): Promise<string> {
  return addUp(processes).metrics();
}

/** Of processes that are gone: what they counted. Counters that fell when a process ended would read as a restart of everything. */
export async function keepCounted(processes: readonly (readonly MetricJson[])[]): Promise<MetricJson[]> {
  const counted = processes.map((metrics) => metrics.filter(({ type }) => type !== "gauge"));
  return (await addUp(counted).getMetricsAsJSON()) as unknown as MetricJson[];
}

function addUp(processes: readonly (readonly MetricJson[])[]): Registry {
  const [own = [], ...others] = processes;
  const asFirst = own.map((metric) => (metric.aggregator === "omit" ? { ...metric, aggregator: "first" } : metric));
  const rest = others.map((metrics) => metrics.filter(({ aggregator }) => aggregator !== "omit"));
  return AggregatorRegistry.aggregate([asFirst, ...rest]);
}
