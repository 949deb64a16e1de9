import { beforeAll, expect, it } from "vitest";
import { GatewayMetrics } from "#gateway/gateway-metrics";
import type { Configuration, GatewayRow, RouteRow, ServiceRow } from "#gateway/read-configuration";
import { buildSnapshot } from "#gateway/snapshot";
import type { Upstream } from "#gateway/upstream/forward";
import { openUpstreams } from "#gateway/upstream/upstreams";
import { composeRuntime } from "#lib/platform/runtime";

beforeAll(() => {
  composeRuntime({ gatewayMetrics: new GatewayMetrics() });
});

const gateway = (more: Partial<GatewayRow>): GatewayRow => ({
  ...{ id: "gw_1", tenant_id: "tn_1", name: "one", domains: [], serve_on_portal: true },
  ...{ error_format: "problem", cors: null },
  ...more,
});
const service = (more: Partial<ServiceRow>): ServiceRow => ({
  ...{ id: "svc_1", tenant_id: "tn_1", name: "one", base_url: "http://127.0.0.1:1", is_active: true, targets: [] },
  ...{ connect_timeout_ms: 100, response_timeout_ms: 100, total_timeout_ms: null },
  ...more,
});
const route = (more: Partial<RouteRow>): RouteRow => ({
  ...{ id: "rt_1", tenant_id: "tn_1", gateway_id: "gw_1", service_id: "svc_1", path: "/a", methods: [], priority: 0 },
  ...{ strip_prefix: false, match_headers: [] },
  ...more,
});

function build(configuration: Partial<Configuration>) {
  const upstreams = openUpstreams();
  const skipped: string[] = [];
  const open = ({ id, base_url }: ServiceRow): Upstream => {
    const timeouts = { connectTimeoutMs: 100, responseTimeoutMs: 100, totalTimeoutMs: null };
    return upstreams.of({ id, baseUrl: base_url, targets: [], ...timeouts });
  };
  const whole = { gateways: [], routes: [], services: [], policies: [], domains: [], ...configuration };
  const snapshot = buildSnapshot(whole, open, ({ id }) => skipped.push(id));
  upstreams.retain(snapshot.serviceIds);
  const pathOn = (host: string, path: string) => {
    const found = snapshot.findOnHost(host, { method: "GET", path });
    return found && "route" in found ? found.route.id : undefined;
  };
  return { snapshot, skipped, pathOn };
}

it("a service whose address cannot be read takes only its own routes with it", () => {
  const { skipped, pathOn } = build({
    gateways: [gateway({})],
    services: [service({}), service({ id: "svc_bad", base_url: "not a URL" })],
    routes: [route({}), route({ id: "rt_bad", path: "/b", service_id: "svc_bad" })],
  });
  expect([pathOn("any", "/a"), pathOn("any", "/b"), skipped]).toEqual(["rt_1", undefined, ["rt_bad"]]);
});

it("a domain is its tenant's, though another's gateway names it too", () => {
  const { snapshot, pathOn } = build({
    gateways: [
      gateway({ domains: ["api.isp.test"], error_format: "partner" }),
      gateway({ id: "gw_2", tenant_id: "tn_2", domains: ["api.isp.test"] }),
      gateway({ id: "gw_3", tenant_id: "tn_2" }),
    ],
    services: [service({})],
    routes: [
      route({}),
      route({ id: "rt_2", tenant_id: "tn_2", gateway_id: "gw_2", path: "/b" }),
      route({ id: "rt_3", tenant_id: "tn_2", gateway_id: "gw_3", path: "/c" }),
    ],
    domains: [{ name: "api.isp.test", tenant_id: "tn_1" }],
  });
  expect(snapshot.ownerOf("api.isp.test")).toMatchObject({ tenantId: "tn_1", errorFormat: "partner" });
  expect(snapshot.ownerOf("elsewhere.test")).toBeUndefined();
  expect(["/a", "/b", "/c"].map((path) => pathOn("api.isp.test", path))).toEqual(["rt_1", undefined, undefined]);
  expect(pathOn("elsewhere.test", "/c")).toBe("rt_3");
});
