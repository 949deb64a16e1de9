import { describe, expect, it } from "vitest";
import { type LogFilters, logQueryOf, logsHref, mayBeLive } from "@/components/logs/log-filters";

const none: LogFilters = {
  range: "24h",
  ...{ from: null, to: null, key: null, account: null, service: null, status: null, management: false },
  ...{ method: null, error: null, route: null, search: "", after: [], live: true },
};

describe("the filters of the log", () => {
  it("leave the management API out, and with it let in only calls made with keys", () => {
    expect(logQueryOf(none)).toMatchObject({ time_range: "24h", management: "exclude", credential: "any" });
    expect(logQueryOf({ ...none, management: true })).toMatchObject({ management: "include", credential: "api_key" });
  });

  it("send a chosen time instead of a range", () => {
    const query = logQueryOf({ ...none, from: "2026-11-20T10:00:00Z" });
    expect(query).toMatchObject({ from: "2026-11-20T10:00:00Z" });
    expect(query).not.toHaveProperty("time_range");
  });

  it("take what begins with a slash for a path, and anything else for a request id", () => {
    expect(logQueryOf({ ...none, search: " /users " })).toMatchObject({ path: "/users" });
    expect(logQueryOf({ ...none, search: "req_1" })).toMatchObject({ request_id: "req_1" });
  });

  it("stand in an address that leads to the same", () => {
    expect(logsHref({ ...none, status: "4xx", key: "key_1" })).toBe("/logs?key=key_1&status=4xx");
    expect(logsHref({ request: "req_1" })).toBe("/logs?request=req_1");
  });

  it("are live on the first page of a time that goes on", () => {
    expect(mayBeLive(none)).toBe(true);
    expect(mayBeLive({ ...none, after: ["x"] })).toBe(false);
    expect(mayBeLive({ ...none, from: "2026-11-20T10:00:00Z" })).toBe(true);
    expect(mayBeLive({ ...none, to: "2026-11-20T10:00:00Z" })).toBe(false);
  });
});
