import { describe, expect, it } from "vitest";
import { GatewayMetrics } from "#gateway/gateway-metrics";
import { keepCounted, writeMetrics } from "#gateway/metrics-text";
import { openMetrics } from "#lib/platform/metrics";
import { parseScrape } from "#test/prometheus";

function open(options?: { slotsMax: number }) {
  const metrics = openMetrics({ withDefaults: false });
  const counted = new GatewayMetrics(options);
  counted.addTo(metrics);
  return { counted, metrics, scrape: async () => parseScrape(await writeMetrics([await metrics.read()])) };
}

const requests = "portico_gateway_requests_total";

describe("what gateway calls leave behind for Prometheus", () => {
  it("is a count for each route, class of status and outcome", async () => {
    const { counted, scrape } = open();
    const users = counted.slotOf('Demo "API"\\\n', "/users/*");
    counted.observe(users, "answered", 200, 900, 700);
    counted.observe(users, "answered", 204, 900, 700);
    counted.observe(users, "answered", 404, 900, 700);
    counted.observe(users, "refused", 429, 40, null);
    counted.observe(counted.slotOf("Demo", "/posts/*"), "client_left", 499, 900, null);
    const found = await scrape();
    const of = (status_class: string, outcome: string) =>
      found.value(requests, { gateway: 'Demo \\"API\\"\\\\\\n', route: "/users/*", status_class, outcome });
    expect([of("2xx", "answered"), of("4xx", "answered"), of("4xx", "refused"), of("5xx", "failed")]).toEqual([
      2,
      1,
      1,
      undefined,
    ]);
    expect(found.sum(requests)).toBe(5);
    expect(found.types.get(requests)).toBe("counter");
  });

  it("is a histogram whose buckets hold what took up to their bound", async () => {
    const { counted, scrape } = open();
    const slot = counted.slotOf("Demo", "/users/*");
    for (const us of [500, 501, 60_000_000, 90_000_000])
      counted.observe(slot, "answered", 200, us, us === 501 ? 300 : null);
    const found = await scrape();
    const bucket = (le: string) => found.value("portico_gateway_request_seconds_bucket", { le });
    expect([bucket("0.0005"), bucket("0.001"), bucket("30"), bucket("60"), bucket("+Inf")]).toEqual([1, 2, 2, 3, 4]);
    expect(found.value("portico_gateway_request_seconds_count")).toBe(4);
    expect(found.value("portico_gateway_request_seconds_sum")).toBeCloseTo(150.001001, 9);
    expect(found.value("portico_gateway_upstream_seconds_count")).toBe(1);
    expect(found.types.get("portico_gateway_request_seconds")).toBe("histogram");
  });

  it("counts refusals by code and decisions about limits", async () => {
    const { counted, scrape } = open();
    for (const code of ["API_KEY_REVOKED", "API_KEY_REVOKED", "ROUTE_NOT_FOUND"]) counted.refuse(code);
    counted.decideLimits(true, false);
    counted.decideLimits(false, true);
    const found = await scrape();
    expect(found.value("portico_gateway_refusals_total", { code: "API_KEY_REVOKED" })).toBe(2);
    const decisions = (result: string, degraded: string) =>
      found.value("portico_limit_decisions_total", { result, degraded });
    expect([decisions("admitted", "false"), decisions("refused", "false"), decisions("refused", "true")]).toEqual([
      1, 0, 1,
    ]);
  });

  it("stays bounded: routes beyond the most that are told apart share a line, and arrays grow as far as that", async () => {
    const { counted, scrape } = open({ slotsMax: 200 });
    for (let route = 0; route < 1_000; route++) {
      counted.observe(counted.slotOf("Demo", `/r${route}/*`), "answered", 200, 10, 5);
      expect(counted.slotOf("Demo", `/r${route}/*`)).toBe(counted.slotOf("Demo", `/r${route}/*`));
    }
    const found = await scrape();
    expect([...found.series.keys()].filter((name) => name.startsWith(requests))).toHaveLength(200);
    expect(found.value(requests, { gateway: "other", route: "other", status_class: "2xx", outcome: "answered" })).toBe(
      801,
    );
    expect(found.sum(requests)).toBe(1_000);
  });

  it("costs a call far less than a microsecond", () => {
    const { counted } = open();
    const slot = counted.slotOf("Demo", "/users/*");
    const count = 1_000_000;
    const timeRound = () => {
      const startedMs = performance.now();
      for (let n = 0; n < count; n++) counted.observe(slot, "answered", 200, n & 16_383, n & 8_191);
      return ((performance.now() - startedMs) * 1_000) / count;
    };
    const bestUs = Math.min(...Array.from({ length: 5 }, timeRound));
    expect(bestUs).toBeLessThan(0.5);
  });
});

describe("several processes as one", () => {
  it("add up what is counted, and take the highest of what is shared", async () => {
    const process = async (calls: number, fill: number) => {
      const { counted, metrics } = open();
      for (let n = 0; n < calls; n++) counted.observe(counted.slotOf("Demo", "/a"), "answered", 200, 600, 400);
      metrics.add({ name: "fill", help: "Fill.", type: "gauge", aggregator: "max", read: () => fill });
      return metrics.read();
    };
    const found = parseScrape(await writeMetrics([await process(2, 0.25), await process(3, 0.75), []]));
    expect(found.sum(requests)).toBe(5);
    expect(found.value("portico_gateway_request_seconds_bucket", { le: "0.001" })).toBe(5);
    expect(found.value("fill")).toBe(0.75);
  });

  it("keep what a process counted that is gone, and forget what it held", async () => {
    const { counted, metrics } = open();
    counted.observe(counted.slotOf("Demo", "/a"), "answered", 200, 600, 400);
    metrics.add({ name: "held", help: "Held.", type: "gauge", read: () => 7 });
    const kept = await keepCounted([[], await metrics.read()]);
    const found = parseScrape(
      await writeMetrics([await metrics.read(), await keepCounted([kept, await metrics.read()])]),
    );
    expect(found.sum(requests)).toBe(3);
    expect(found.value("held")).toBe(7);
  });

  it("the process's own metrics are those of Prometheus's clients", async () => {
    const own = await openMetrics({ withDefaults: true }).read();
    const found = parseScrape(await writeMetrics([own, own]));
    expect(found.value("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(found.value("process_start_time_seconds")).toBeGreaterThan(1_700_000_000);
  });
});
