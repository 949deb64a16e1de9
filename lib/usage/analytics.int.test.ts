import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appointSuperAdmin } from "#lib/identity/appoint-super-admin";
import { inTenant, onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";
import type { Analytics, AnalyticsGroup, AnalyticsPoint, UsageRow } from "#lib/usage/contract";
import type { UsageEvent } from "#lib/usage/event";
import { type Answered, openApi, type TestApi } from "#test/api";
import { tokenOf } from "#test/operator";
import { storeUsage } from "#test/store-usage";
import { usageEvent } from "#test/usage-events";
import { createWorld, issueKey, type World } from "#test/world";
import { GET as getAnalyticsRoute } from "../../app/api/v1/api-management/analytics/route.ts";
import { GET as getUsageLogsRoute } from "../../app/api/v1/api-management/usage-logs/route.ts";

let api: TestApi;
let world: World;
let admin: string;
let customerKey: Awaited<ReturnType<typeof issueKey>>;
let strangerKey: Awaited<ReturnType<typeof issueKey>>;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  const limits = [{ algorithm: "sliding_window" as const, limit: 1_000_000, window_seconds: 60 }];
  const { tenantId, customer, stranger } = world.one;
  customerKey = await issueKey(tenantId, customer, { name: "Mobile app", limits });
  strangerKey = await issueKey(tenantId, stranger, { name: "Billing", limits });
  admin = await signInAdmin(tenantId);
  await inTenant({ tenantId, reach: "*" }, async (db) => {
    const service = { tenantId, number: 1, name: "orders", displayName: "Orders", baseUrl: "http://orders.test" };
    await db.service.create({ data: { id: "svc_orders", ...service } });
    await db.gateway.create({ data: { id: "gw_one", tenantId, name: "Public" } });
    for (const [id, path] of [
      ["rt_list", "/orders"],
      ["rt_one", "/orders/{id}"],
    ] as const) {
      const route = { tenantId, gatewayId: "gw_one", serviceId: "svc_orders", name: path, path };
      await db.route.create({ data: { id, ...route } });
    }
  });
  for (const event of traffic()) await runtime().usage.record(event);
  await storeUsage(runtime().postgres.platform, trafficBefore());
});

afterAll(() => api.close());

async function signInAdmin(tenantId: string): Promise<string> {
  const email = "ops@one.test";
  const password = "correct horse battery";
  const { link } = await onPlatform((tx) => appointSuperAdmin(tx, tenantId, { email, name: "Ops" }, new Date()));
  const token = new URL(link).searchParams.get("token");
  await api.call("POST", "auth/reset-password", { body: { token, password } });
  const { body } = await api.call("POST", "auth/login", { body: { email, password } });
  return body.access_token;
}

const hourMs = 3_600_000;

/** Gateway traffic of two accounts on two routes, some of it refused; 26 calls within three hours. */
function traffic(): UsageEvent[] {
  return [
    ...Array.from({ length: 12 }, (_, at) => call(at, { ...ofCustomer(), ...list, latencyUs: 10_000 })),
    ...Array.from({ length: 6 }, (_, at) =>
      call(20 + at, { ...ofCustomer(), ...one(at % 2), method: "POST", latencyUs: 40_000 }),
    ),
    ...Array.from({ length: 5 }, (_, at) =>
      call(30 + at, { ...ofStranger(), ...list, status: 429, errorCode: "RATE_LIMIT_EXCEEDED", latencyUs: 1_000 }),
    ),
    ...Array.from({ length: 3 }, (_, at) =>
      call(40 + at, { ...ofStranger(), ...one(9), latencyUs: 5_000, occurredAtMs: Date.now() - 2 * hourMs }),
    ),
  ];
}

/** Two calls of the day before. */
const trafficBefore = () =>
  [50, 51].map((at) => call(at, { ...ofCustomer(), ...list, occurredAtMs: Date.now() - 30 * hourMs }));

const list = { routeId: "rt_list", endpoint: "/orders", path: "/orders" };
const one = (id: number) => ({ routeId: "rt_one", endpoint: "/orders/{id}", path: `/orders/${id}` });
const ofCustomer = () => ({ accountId: world.one.customer, apiKeyId: customerKey.id });
const ofStranger = () => ({ accountId: world.one.stranger, apiKeyId: strangerKey.id });

function call(index: number, changes: Partial<UsageEvent>): UsageEvent {
  return usageEvent({
    tenantId: world.one.tenantId,
    isManagement: false,
    gatewayId: "gw_one",
    serviceId: "svc_orders",
    responseBytes: 100,
    occurredAtMs: Date.now() - 1_000 * (index + 1),
    requestId: `req_${index}`,
    ...changes,
  });
}

const ask = (path: string, sent: Parameters<TestApi["call"]>[2] = { token: admin }) => api.call("GET", path, sent);

async function analytics(query: string, sent?: Parameters<TestApi["call"]>[2]): Promise<Analytics> {
  const { status, body } = await ask(`analytics?${query}`, sent);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
}

const total = (parts: readonly { requests: number }[]) => parts.reduce((sum, { requests }) => sum + requests, 0);

describe("the same numbers everywhere", () => {
  it("analytics, statistics, keys, rows and S4's own answer count the same calls, and the same of them as failed", async () => {
    await ask("me"); // a call of the management API
    const [sums, stats, logs, usage, plain] = await Promise.all([
      analytics("time_range=24h&group_by=api_key"),
      ask("stats?time_range=24h"),
      ask("usage-logs?time_range=24h&management=exclude&limit=200"),
      ask("usage?time_range=24h&management=exclude&limit=200"),
      ask("/admin/analytics"),
    ]);
    expect(sums.totals).toMatchObject({ total_requests: 26, failed_requests: 5, error_rate: 19.23 });
    expect(sums.totals.management_requests).toBeGreaterThan(0);
    const { from: _, to: __, active_keys, by_status, top_endpoints, daily, ...totals } = stats.body;
    expect({ ...totals, management_requests: 0 }).toEqual({ ...sums.totals, management_requests: 0 });
    expect(logs.body.data).toHaveLength(26);
    expect(usage.body.data).toEqual(logs.body.data);
    expect(logs.body.data.filter((row: UsageRow) => row.status_code >= 400)).toHaveLength(5);
    expect(plain.body).toMatchObject({ total_requests: 26, total_errors: 5, error_rate: 19.2 });
    expect([active_keys, total(by_status), total(top_endpoints)]).toEqual([2, 26, 26]);
    expect([total(sums.series), total(sums.groups), total(daily)]).toEqual([26, 26, 28]);
    for (const { api_key_id, requests } of sums.groups) {
      const key = await ask(`keys/${api_key_id}/usage?time_range=24h&management=exclude`);
      expect(key.body.totals.total_requests).toBe(requests);
      expect(total(key.body.data)).toBe(requests);
    }
  });

  it("every filter picks as many rows as it sums", async () => {
    const filters = [
      `api_key_id=${customerKey.id}`,
      `api_key_id=${strangerKey.number}`,
      `account_id=${world.one.stranger}`,
      "service_id=svc_orders",
      "service_id=1",
      "service_id=2",
      "gateway_id=gw_one",
      "gateway_id=gw_other",
      "route_id=rt_one",
      "endpoint=/orders",
      "method=POST",
      "status_code=429",
      "status_code=4xx",
      "status_code=2xx",
      "error_code=RATE_LIMIT_EXCEEDED",
      "credential=api_key",
      `route_id=rt_list&status_code=200&api_key_id=${customerKey.id}`,
    ];
    const counts = await Promise.all(
      filters.map(async (filter) => {
        const sums = await analytics(`time_range=24h&${filter}`);
        const rows = await ask(`usage-logs?time_range=24h&management=exclude&limit=200&${filter}`);
        return [sums.totals.total_requests, rows.body.data.length];
      }),
    );
    const picked = [18, 8, 8, 26, 26, 0, 26, 0, 9, 17, 6, 5, 5, 21, 5, 26, 12];
    expect(counts).toEqual(picked.map((requests) => [requests, requests]));
  });
});

describe("GET /analytics", () => {
  it("200: points without a gap, with percentiles where there were calls", async () => {
    const { series, from, to, granularity } = await analytics("time_range=24h&granularity=hour");
    expect(granularity).toBe("hour");
    for (const [at, { timestamp }] of series.entries())
      expect(Date.parse(timestamp)).toBe(Date.parse(from) + at * hourMs);
    expect(Date.parse(series.at(-1)?.timestamp ?? "") + hourMs).toBeGreaterThanOrEqual(Date.parse(to));
    for (const { requests, p50_latency_ms, p95_latency_ms, p99_latency_ms } of series) {
      if (requests === 0) expect([p50_latency_ms, p95_latency_ms, p99_latency_ms]).toEqual([null, null, null]);
      else expect(p99_latency_ms ?? 0).toBeGreaterThanOrEqual(p50_latency_ms ?? 1e9);
    }
  });

  it("200: groups carry ids, names, shares and their own series, the largest first", async () => {
    const { groups, total_groups, series } = await analytics("time_range=24h&group_by=api_key&group_by=route");
    expect(total_groups).toBe(4);
    expect(groups.map(({ label, requests }) => [label, requests])).toEqual([
      ["Mobile app · /orders", 12],
      ["Mobile app · /orders/{id}", 6],
      ["Billing · /orders", 5],
      ["Billing · /orders/{id}", 3],
    ]);
    const [first] = groups;
    expect(first).toMatchObject({
      key: `${customerKey.id}|rt_list`,
      api_key_id: customerKey.id,
      api_key_name: "Mobile app",
      route_id: "rt_list",
      route_path: "/orders",
      share: 46.15,
      errors: 0,
      avg_latency_ms: 10,
      bytes_transferred: 1_200,
    });
    expect(first).not.toHaveProperty("method");
    expect(first?.p95_latency_ms).toBeGreaterThan(7);
    expect(first?.p95_latency_ms).toBeLessThan(15);
    const added = series.map((_, at) => total(groups.map((group: AnalyticsGroup) => pointAt(group, at))));
    expect(added).toEqual(series.map(({ requests }: AnalyticsPoint) => requests));
  });

  const pointAt = ({ series }: AnalyticsGroup, at: number) => series?.[at] ?? { requests: Number.NaN };

  it("200: what has no value in a grouping is null, and codes and statuses are groups too", async () => {
    const { groups } = await analytics("time_range=24h&group_by=status_code,error_code,method");
    expect(
      groups.map(({ label, status_code, error_code, method }) => [label, status_code, error_code, method]),
    ).toEqual([
      ["200 · No error · GET", 200, null, "GET"],
      ["200 · No error · POST", 200, null, "POST"],
      ["429 · RATE_LIMIT_EXCEEDED · GET", 429, "RATE_LIMIT_EXCEEDED", "GET"],
    ]);
    const accounts = await analytics("time_range=24h&group_by=account,service");
    expect(accounts.groups.map(({ label }) => label)).toEqual(["customer of one · Orders", "customer of one · Orders"]);
  });

  it("200: limit cuts the groups and not the count of them, series_limit the series", async () => {
    const { groups, total_groups } = await analytics("time_range=24h&group_by=api_key,route&limit=3&series_limit=1");
    expect([groups.length, total_groups]).toEqual([3, 4]);
    expect(groups.map(({ series }) => series !== null)).toEqual([true, false, false]);
  });

  it("200: compare=previous adds the totals of the same length of time before", async () => {
    const { previous, from, totals } = await analytics("time_range=24h&compare=previous");
    expect(totals.total_requests).toBe(26);
    expect(previous).toMatchObject({ to: from, totals: { total_requests: 2 } });
    expect((await analytics("time_range=24h")).previous).toBeNull();
  });

  it("200: days of another zone are summed of hours and hold the same calls", async () => {
    const zoned = await analytics("time_range=7d&granularity=day&timezone=Pacific/Auckland&group_by=route");
    expect(zoned.totals.total_requests).toBe(28);
    expect([total(zoned.series), total(zoned.groups.flatMap(({ series }) => series ?? []))]).toEqual([28, 28]);
    for (const { timestamp } of zoned.series) {
      const clock = { timeZone: "Pacific/Auckland", timeStyle: "short" } as const;
      expect(new Intl.DateTimeFormat("sv", clock).format(new Date(timestamp))).toBe("00:00");
    }
  });

  it("200: one answer has 30 days of each of the keys asked for", async () => {
    const keys = `${customerKey.id},${strangerKey.id},key_none`;
    const { groups, series } = await analytics(
      `group_by=api_key&granularity=day&time_range=30d&api_key_id=${keys}&limit=200&series_limit=200`,
    );
    expect(groups.map((group) => [group.api_key_id, group.series?.length])).toEqual([
      [customerKey.id, series.length],
      [strangerKey.id, series.length],
    ]);
    expect(series.length).toBeGreaterThanOrEqual(30);
  });

  it("200: a customer's key sees its account's calls and no more, whatever it asks for", async () => {
    const own = { key: customerKey.key };
    expect((await analytics("time_range=24h&group_by=account", own)).groups).toMatchObject([
      { account_id: world.one.customer, requests: 18 },
    ]);
    const foreign = await analytics(`time_range=24h&api_key_id=${strangerKey.id}&group_by=api_key`, own);
    expect(foreign).toMatchObject({ totals: { total_requests: 0 }, groups: [], total_groups: 0 });
  });

  it("422: what is not summed, unknown zones, too many points, and groupings beyond three say so at their field", async () => {
    const refusals = await Promise.all(
      [
        "group_by=user",
        "group_by=country&group_by=route",
        "group_by=version",
        "group_by=colour",
        "group_by=route,route",
        "group_by=route,method,endpoint,account",
        "timezone=Mars/Olympus",
        "timezone=%2B05:30",
        "granularity=day&timezone=Asia/Kolkata&time_range=7d",
        "granularity=minute&time_range=30d",
        "granularity=minute&time_range=24h&group_by=route&series_limit=100",
        "time_range=24h&from=2026-01-01T00:00:00Z",
      ].map(async (query) => {
        const { status, body } = await ask(`analytics?${query}`);
        return [status, body.errors?.[0]?.pointer.split("/")[1]];
      }),
    );
    expect(refusals).toEqual([
      ...Array.from({ length: 6 }, () => [422, "group_by"]),
      ...Array.from({ length: 3 }, () => [422, "timezone"]),
      [422, "granularity"],
      [422, "series_limit"],
      [422, "time_range"],
    ]);
  });
});

describe("GET /usage-logs", () => {
  it("200: rows are found by request id and by the beginning of their path", async () => {
    const byId = await ask("usage-logs?request_id=req_21");
    expect(byId.body.data).toMatchObject([{ request_id: "req_21", path: "/orders/1", gateway_id: "gw_one" }]);
    expect((await ask("usage-logs?request_id=req_none")).body.data).toEqual([]);
    const byPath = await ask("usage-logs?path=/orders/1");
    expect(byPath.body.data.map(({ path }: UsageRow) => path)).toEqual(["/orders/1", "/orders/1", "/orders/1"]);
  });

  it("422: refuses ids and codes that are none", async () => {
    for (const query of ["request_id=a%20b", "error_code=nope", "route_id=a/b", "format=xml"])
      expect((await ask(`usage-logs?${query}`)).status).toBe(422);
  });
});

describe("format=csv", () => {
  const download = async (route: typeof getUsageLogsRoute, query: string) => {
    const url = `http://portal.test/api/v1/api-management/x?${query}`;
    const headers = { authorization: `Bearer ${admin}`, "x-real-ip": "192.0.2.7", "x-request-id": "req_csv" };
    const answer = await route(new Request(url, { headers }), { params: Promise.resolve({}) });
    return { answer, lines: (await answer.text()).trimEnd().split("\r\n") };
  };

  it("200: usage logs are a table to save, in which a spreadsheet runs nothing a caller sent", async () => {
    const evil = { tenantId: world.one.tenantId, accountId: world.one.customer, apiKeyId: null, isManagement: false };
    await runtime().usage.record(
      usageEvent({ ...evil, requestId: "req_evil", path: "/evil", userAgent: '=cmd|"/c calc"!A1, x', trace: [100, 1] }),
    );
    const { answer, lines } = await download(getUsageLogsRoute, "format=csv&path=/evil");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="usage-[\dT-]+\.csv"$/);
    expect(answer.headers.get("x-row-limit")).toBe("10000");
    expect(lines[0]).toMatch(/^timestamp,request_id,method,path,endpoint,status_code,error_code,/);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(',"\'=cmd|""/c calc""!A1, x",');
  });

  it("200: analytics are a line per group, or per point when nothing is grouped by", async () => {
    const groups = await download(getAnalyticsRoute, "format=csv&group_by=api_key&status_code=429");
    expect(groups.lines[0]).toMatch(/^api_key_id,api_key_name,requests,errors,error_rate,/);
    expect(groups.lines.slice(1).map((line) => line.split(",").slice(0, 3))).toEqual([
      [strangerKey.id, "Billing", "5"],
    ]);
    const points = await download(getAnalyticsRoute, "format=csv&granularity=hour&time_range=24h");
    expect(points.lines[0]).toMatch(/^timestamp,requests,/);
    expect(points.lines.length).toBeGreaterThan(24);
  });
});

describe("GET /requests/{request_id}", () => {
  it("200: the newest of that id with the names of what it used and what was decided", async () => {
    const { body } = await ask("requests/req_0");
    expect(body).toMatchObject({
      request_id: "req_0",
      api_key_name: "Mobile app",
      account_name: "customer of one",
      gateway_name: "Public",
      service_name: "Orders",
      route_path: "/orders",
      decisions: ["Authentication: the API key is good (its secret number 1)."],
    });
    const again = { tenantId: world.one.tenantId, accountId: null, apiKeyId: null, requestId: "req_0", status: 404 };
    await runtime().usage.record(usageEvent({ ...again, occurredAtMs: Date.now() }));
    expect((await ask("requests/req_0")).body).toMatchObject({ status_code: 404, api_key_name: null });
  });

  it("404: none, another account's and another tenant's are one answer, which says that some are only counted", async () => {
    await runtime().usage.record(usageEvent({ tenantId: world.two.tenantId, requestId: "req_two" }));
    const own = { key: customerKey.key };
    const answers = await Promise.all(["req_none", "req_30", "req_two"].map((id) => ask(`requests/${id}`, own)));
    for (const { status, body } of answers)
      expect([status, body.error_code, body.detail]).toEqual([
        404,
        "NOT_FOUND",
        expect.stringContaining("only counted"),
      ]);
    expect((await ask("requests/req_two")).status).toBe(404);
  });
});

describe("the address behind the gateway", () => {
  it("200: is shown to operators, who may see services, and to nobody who calls them: rows, a single request, the table", async () => {
    const { tenantId, customer } = world.one;
    const target = "http://10.0.0.7:8000";
    const call = { tenantId, accountId: customer, apiKeyId: customerKey.id, requestId: "req_target", path: "/target" };
    await runtime().usage.record(usageEvent({ ...call, target, attempts: 1 }));
    const targets = async (sent: Parameters<TestApi["call"]>[2]) => [
      (await ask("usage-logs?request_id=req_target", sent)).body.data[0].target,
      (await ask("requests/req_target", sent)).body.target,
    ];
    expect(await targets({ token: admin })).toEqual([target, target]);
    expect(await targets({ key: customerKey.key })).toEqual([null, null]);
    const owner = await tokenOf(tenantId, "owner", world.one.reseller);
    expect(await targets({ token: owner })).toEqual([null, null]);
    const headers = { authorization: `Bearer ${owner}`, "x-real-ip": "192.0.2.7", "x-request-id": "req_csv" };
    const url = "http://portal.test/api/v1/api-management/x?format=csv&request_id=req_target";
    const table = await getUsageLogsRoute(new Request(url, { headers }), { params: Promise.resolve({}) });
    const text = await table.text();
    expect(text).toContain("req_target");
    expect(text).not.toContain("10.0.0.7");
  });
});

describe("S4's answers", () => {
  it("200: /admin/analytics has exactly the seed's members, accounts by number and paths as they were sent", async () => {
    const { tenantId, customer, stranger } = world.one;
    const numbers = await inTenant({ tenantId, reach: "*" }, (db) => db.account.findMany({ where: { tenantId } }));
    const numberOf = (id: string) => String(numbers.find((account) => account.id === id)?.number);
    const { body } = await ask("/admin/analytics?hours=24");
    expect(body).toEqual({
      period_hours: 24,
      total_requests: 27,
      total_errors: 5,
      error_rate: 18.5,
      average_response_time_ms: expect.any(Number),
      requests_by_partner: { [numberOf(customer)]: 19, [numberOf(stranger)]: 8 },
      top_endpoints: [
        { path: "/orders", count: 17 },
        { path: "/orders/0", count: 3 },
        { path: "/orders/1", count: 3 },
        { path: "/orders/9", count: 3 },
        { path: "/evil", count: 1 },
      ],
      status_distribution: { 200: 22, 429: 5 },
    });
    expect((await ask("/admin/analytics?hours=48")).body.total_requests).toBe(29);
    expect((await ask("/admin/analytics?hours=1")).body.total_requests).toBe(24);
  });

  it("200: /admin/logs is a bare array of the newest, in the seed's format", async () => {
    const { body } = await ask("/admin/logs?limit=3");
    expect(body).toHaveLength(3);
    expect(body[0]).toEqual({
      id: expect.any(Number),
      partner_id: expect.any(Number),
      method: "GET",
      path: "/evil",
      status_code: 200,
      response_time_ms: 1.5,
      ip_address: "127.0.0.1",
      user_agent: expect.any(String),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    });
  });

  it("401, 403, 422: refuses strangers, customers and impossible numbers in the partner's format", async () => {
    const refusals = async (sent: Parameters<TestApi["call"]>[2], path: string) => {
      const { status, body }: Answered = await ask(path, sent);
      return [status, Object.keys(body)];
    };
    for (const path of ["/admin/analytics", "/admin/logs"]) {
      expect(await refusals({}, path)).toEqual([401, ["detail"]]);
      expect(await refusals({ key: customerKey.key }, path)).toEqual([403, ["detail"]]);
    }
    const wrong = ["/admin/analytics?hours=721", "/admin/analytics?hours=0", "/admin/logs?limit=1001"];
    for (const path of wrong) expect(await refusals({ token: admin }, path)).toEqual([422, ["detail"]]);
  });
});
