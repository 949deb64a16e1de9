import type { GatewayMetrics } from "#gateway/gateway-metrics";
import type { OpenUsage } from "#gateway/spool/open-usage";
import type { Metrics } from "#lib/platform/metrics";
import type { LimitStore } from "#lib/rate-limits/limit-store";

/** What is asked of a process at each scrape, beside what it counted. */
export interface Watched {
  usage: Pick<OpenUsage, "figures">;
  apiKeys: { readonly size: number };
}

/** Adds usage and caches to what this process tells Prometheus. Processes that share a DATA_DIR share a spool folder: its fill is not summed. */
export function addProcessMetrics(metrics: Metrics, { usage, apiKeys }: Watched): void {
  metrics.add({
    name: "portico_usage_spool_fill",
    help: "How much of SPOOL_MAX_BYTES is taken: 0 to 1. Not ready from 0.8 on.",
    type: "gauge",
    aggregator: "max",
    read: () => usage.figures().fill,
  });
  metrics.add({
    name: "portico_usage_rows_total",
    help: "Calls written to the usage spool.",
    type: "counter",
    read: () => usage.figures().rows,
  });
  metrics.add({
    name: "portico_usage_shipped_total",
    help: "Rows brought from spools into PostgreSQL, of dead processes' spools too.",
    type: "counter",
    read: () => usage.figures().shippedRows,
  });
  metrics.add({
    name: "portico_usage_lost_total",
    help: "Calls that are not even counted, because the spool stayed full.",
    type: "counter",
    read: () => usage.figures().lost,
  });
  metrics.add({
    name: "portico_usage_lag_seconds",
    help: "How far PostgreSQL is behind the spool.",
    type: "gauge",
    aggregator: "max",
    read: () => usage.figures().lagSeconds,
  });
  metrics.add({
    name: "portico_api_key_cache_entries",
    help: "API keys this process knows without asking PostgreSQL.",
    type: "gauge",
    read: () => apiKeys.size,
  });
}

/** The store, with its decisions counted. */
export function countDecisions(store: LimitStore, counted: GatewayMetrics): LimitStore {
  return {
    evaluate: (request) =>
      store.evaluate(request).then((verdict) => {
        if (request.mode === "take") counted.decideLimits(verdict.isAdmitted, verdict.isDegraded);
        return verdict;
      }),
    reset: (keys) => store.reset(keys),
    close: () => store.close(),
  };
}
