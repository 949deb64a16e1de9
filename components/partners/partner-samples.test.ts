import { describe, expect, it } from "vitest";
import type { CatalogApi } from "#lib/catalog/contract";
import { partnerSamples } from "./partner-samples.ts";

const route = {
  id: "rt_1",
  name: "",
  path: "/posts",
  methods: ["POST"],
  service_id: "svc_posts",
  service_name: "posts",
  credentials: ["partner_token"],
  is_allowed: true,
} satisfies CatalogApi["routes"][number];

const catalog = [
  {
    base_url: "https://api.isp.com",
    routes: [
      route,
      { ...route, path: "/users/*", methods: [], service_id: "svc_users" },
      { ...route, path: "/status", methods: [], service_id: "svc_posts", credentials: ["api_key"] },
    ],
  },
] as unknown as CatalogApi[];

describe("what a new partner calls first", () => {
  it("is the exchange of its key, then a route it may read, with the token", () => {
    const samples = partnerSamples("https://portal.isp.com", ["svc_posts", "svc_users"], catalog);
    expect(samples.map(({ codeFor }) => codeFor("ak_secret"))).toEqual([
      'curl -X POST "https://portal.isp.com/auth/token" \\\n  -H "Content-Type: application/json" \\\n  -d \'{"api_key": "ak_secret"}\'',
      'curl -i "https://api.isp.com/users" \\\n  -H "Authorization: Bearer $PORTICO_TOKEN"',
    ]);
  });

  it("is a call that writes where its services have no other", () => {
    const [, call] = partnerSamples("https://portal.isp.com", ["svc_posts"], catalog);
    expect(call?.codeFor("")).toContain('-X POST "https://api.isp.com/posts"');
  });

  it("is the exchange alone where no route leads to its services", () => {
    expect(partnerSamples("https://portal.isp.com", [], catalog)).toHaveLength(1);
  });
});
