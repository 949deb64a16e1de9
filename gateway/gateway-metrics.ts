import type { Metrics, Sample } from "#lib/platform/metrics";

/** How a gateway call ended: as `Outcome.kind` of an upstream, or refused before one was asked. */
export const callOutcomes = ["answered", "refused", "failed", "broke", "client_left"] as const;
export type CallOutcome = (typeof callOutcomes)[number];

declare module "#lib/platform/runtime" {
  interface Runtime {
    gatewayMetrics: GatewayMetrics;
  }
}

/** Upper bounds in seconds: fine where a gateway's own time is, coarse where a slow upstream's is. */
const boundsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
const boundsUs = boundsSeconds.map((seconds) => seconds * 1_000_000);
const statusClasses = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"] as const;
const cellsPerSlot = callOutcomes.length * statusClasses.length;
const otherSlot = 0;

interface Slot {
  gateway: string;
  route: string;
}

/**
 * Counts gateway calls. Called for each of them, so it touches numbers in arrays and nothing else; the names and labels that
 * Prometheus wants are made when it asks. A route has a slot (`slotOf`, at compile time); routes beyond `slotsMax` share one.
 */
export class GatewayMetrics {
  readonly #slotsMax: number;
  readonly #slots: Slot[] = [{ gateway: "other", route: "other" }];
  readonly #slotByName = new Map<string, number>();
  #calls = new Float64Array(64 * cellsPerSlot);
  readonly #total = new Durations();
  readonly #upstream = new Durations();
  readonly #refusals = new Map<string, number>();
  /** Admitted, refused; then the same decided without Redis. */
  readonly #limitDecisions = new Float64Array(4);

  constructor({ slotsMax = 1_000 }: { slotsMax?: number } = {}) {
    this.#slotsMax = slotsMax;
  }

  /** The slot a route counts in. The same names give the same slot; "" as route stands for calls no route matches. */
  slotOf(gateway: string, route: string): number {
    const name = `${gateway}\n${route}`;
    const known = this.#slotByName.get(name);
    if (known !== undefined) return known;
    if (this.#slots.length >= this.#slotsMax) return otherSlot;
    const slot = this.#slots.push({ gateway, route }) - 1;
    this.#slotByName.set(name, slot);
    if (this.#slots.length * cellsPerSlot > this.#calls.length) this.#grow();
    return slot;
  }

  /** One finished call. `status` is what the client got or would have; times in microseconds, `upstreamUs` null if none answered. */
  observe(slot: number, outcome: CallOutcome, status: number, latencyUs: number, upstreamUs: number | null): void {
    const at = slot * cellsPerSlot + callOutcomes.indexOf(outcome) * statusClasses.length + statusClassOf(status);
    this.#calls[at] = (this.#calls[at] ?? 0) + 1;
    this.#total.add(latencyUs);
    if (upstreamUs !== null) this.#upstream.add(upstreamUs);
  }

  /** One refused call, by its code of the closed list. */
  refuse(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  /** One decision about limits, of a gateway call or of the management API. */
  decideLimits(isAdmitted: boolean, isDegraded: boolean): void {
    const at = (isDegraded ? 2 : 0) + (isAdmitted ? 0 : 1);
    this.#limitDecisions[at] = (this.#limitDecisions[at] ?? 0) + 1;
  }

  /** Adds all of it to what this process tells Prometheus. */
  addTo(metrics: Metrics): void {
    metrics.add({
      name: "portico_gateway_requests_total",
      help: "Finished gateway calls by gateway, route, class of status and outcome.",
      type: "counter",
      read: () => this.#readCalls(),
    });
    this.#addDurations(metrics, "portico_gateway_request_seconds", "From a call's first byte to its end.", this.#total);
    this.#addDurations(
      metrics,
      "portico_gateway_upstream_seconds",
      "From the request sent upstream to the head of its answer.",
      this.#upstream,
    );
    metrics.add({
      name: "portico_gateway_refusals_total",
      help: "Gateway calls that were refused, by error code.",
      type: "counter",
      read: () => [...this.#refusals].map(([code, value]) => ({ labels: { code }, value })),
    });
    metrics.add({
      name: "portico_limit_decisions_total",
      help: "Decisions about limits; degraded: made without Redis.",
      type: "counter",
      read: () => this.#readDecisions(),
    });
  }

  #addDurations(metrics: Metrics, name: string, help: string, durations: Durations): void {
    metrics.add({ name, help, type: "histogram", read: () => durations.read(name) });
  }

  #readDecisions(): Sample[] {
    return ["admitted", "refused"].flatMap((result, index) => [
      { labels: { result, degraded: "false" }, value: this.#limitDecisions[index] ?? 0 },
      { labels: { result, degraded: "true" }, value: this.#limitDecisions[index + 2] ?? 0 },
    ]);
  }

  #readCalls(): Sample[] {
    const samples: Sample[] = [];
    for (const [slot, { gateway, route }] of this.#slots.entries()) {
      for (let cell = 0; cell < cellsPerSlot; cell++) {
        const value = this.#calls[slot * cellsPerSlot + cell] ?? 0;
        if (value === 0) continue;
        const outcome = callOutcomes[Math.trunc(cell / statusClasses.length)] ?? "";
        const statusClass = statusClasses[cell % statusClasses.length] ?? "";
        samples.push({ labels: { gateway, route, status_class: statusClass, outcome }, value });
      }
    }
    return samples;
  }

  #grow(): void {
    const larger = new Float64Array(this.#calls.length * 2);
    larger.set(this.#calls);
    this.#calls = larger;
  }
}

function statusClassOf(status: number): number {
  return status >= 100 && status < 600 ? Math.trunc(status / 100) : 0;
}

/** A histogram: how many took up to each bound, and how long all of them together. */
class Durations {
  readonly #counts = new Float64Array(boundsUs.length + 1);
  #sumUs = 0;

  add(us: number): void {
    let bucket = 0;
    while (bucket < boundsUs.length && us > (boundsUs[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumUs += us;
  }

  read(name: string): Sample[] {
    let count = 0;
    const buckets = [...this.#counts].map((own, bucket): Sample => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: boundsSeconds[bucket] ?? "+Inf" }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.#sumUs / 1_000_000 },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
  }
}
