import { collectDefaultMetrics, type Metric, Registry } from "prom-client";

/** One line of a metric: its labels and its number. */
export interface Sample {
  labels?: Readonly<Record<string, string | number>>;
  value: number;
  /** Absent: the metric's own name. A histogram has _bucket, _sum and _count. */
  metricName?: string;
}

/** How the numbers of several processes become one. */
export type Aggregation = "sum" | "min" | "max" | "first" | "omit";

/** A metric as it travels between processes. */
export interface MetricJson {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  values: Sample[];
  aggregator: Aggregation;
}

interface Definition {
  name: string;
  help: string;
  type: MetricJson["type"];
  /** Default: sum. */
  aggregator?: Aggregation;
  /** Asked at each scrape, and never between: whoever counts keeps plain numbers. */
  read: () => number | readonly Sample[];
}

/** What this process tells Prometheus. */
export interface Metrics {
  /** Adds a metric. Names are unique. */
  add(definition: Definition): void;
  /** All of it now, for the process that adds up. */
  read(): Promise<MetricJson[]>;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    metrics: Metrics;
  }
}

/** `withDefaults` measures the process too (memory, CPU, event loop, garbage collection), which costs a little all the time. */
export function openMetrics({ withDefaults }: { withDefaults: boolean }): Metrics {
  const registry = new Registry();
  if (withDefaults) collectDefaultMetrics({ register: registry });
  return {
    add({ read, aggregator = "sum", ...named }) {
      const get = (): MetricJson => {
        const now = read();
        return { ...named, aggregator, values: typeof now === "number" ? [{ value: now, labels: {} }] : [...now] };
      };
      registry.registerMetric({ ...named, get, reset: () => undefined } as unknown as Metric);
    },
    read: async () => (await registry.getMetricsAsJSON()) as unknown as MetricJson[],
  };
}
