import { describe, expect, it } from "vitest";
import type { CatalogApi } from "#lib/catalog/contract";
import { sampleCall } from "@/components/usage/sample-call";

const route = {
  id: "rt_1",
  name: "Users",
  path: "/users/*",
  methods: [] as string[],
  service_id: "svc_1",
  service_name: "users",
  credentials: ["api_key" as const],
  is_allowed: true,
};
const api = (...routes: CatalogApi["routes"]): CatalogApi => ({
  gateway_id: "gw_1",
  name: "Demo",
  description: null,
  base_url: "https://api.example/",
  on_portal: true,
  openapi_path: "/openapi.json",
  routes,
});

describe("the sample of a first call", () => {
  it("is a route of the catalog that can be called as it stands", () => {
    expect(sampleCall([api(route)], "https://portal.example/api")).toBe(
      'curl -i "https://api.example/users" \\\n  -H "X-API-Key: $PORTICO_API_KEY"',
    );
  });

  it("passes over what the account may not call, what takes no key and what needs something filled in", () => {
    const passedOver = [
      { ...route, is_allowed: false },
      { ...route, credentials: ["partner_token" as const] },
      { ...route, methods: ["POST"] },
      { ...route, path: "/users/{id}" },
      { ...route, path: "/$(reboot)" },
    ];
    expect(sampleCall([api(...passedOver), api({ ...route, path: "/posts" })], "")).toContain(".example/posts");
  });

  it("is the call that says who the key is, where nothing can be called yet", () => {
    expect(sampleCall([], "https://portal.example/api")).toContain("https://portal.example/api/whoami");
  });
});
