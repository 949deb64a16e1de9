import { describe, expect, it } from "vitest";
import { routeSample } from "./route-sample.ts";

const base = "https://api.isp.com/";

describe("the sample call of a route", () => {
  it("reads where the route lets it, at a path that is likely to be there", () => {
    expect(routeSample(base, { path: "/orders/{order_id}/*", methods: [] }, ["api_key", "partner_token"])).toBe(
      'curl -i "https://api.isp.com/orders/1" \\\n  -H "X-API-Key: $PORTICO_API_KEY"',
    );
    expect(routeSample(base, { path: "/*", methods: ["HEAD"] }, ["anonymous"])).toBe('curl -I "https://api.isp.com/"');
  });

  it("sends a body where the route takes nothing else, and the headers it asks for", () => {
    const headers = [{ name: "X-Plan", value: 'a "b" $c' }];
    expect(routeSample(base, { path: "/verify", methods: ["POST"], headers }, ["partner_token"])).toBe(
      [
        'curl -i -X POST "https://api.isp.com/verify"',
        '-H "Authorization: Bearer $PORTICO_TOKEN"',
        '-H "X-Plan: a \\"b\\" \\$c"',
        '-H "Content-Type: application/json"',
        "-d '{}'",
      ].join(" \\\n  "),
    );
  });
});
