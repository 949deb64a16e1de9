import { expect, it } from "vitest";
import { canonicalPath } from "#gateway/aliases";

const management = "/api/v1/api-management";

it.each([
  ["/api/management/keys/", `${management}/keys`],
  ["/api/management/keys", `${management}/keys`],
  ["/api/management/keys/key_1/", `${management}/keys/key_1`],
  ["/api/management/keys/12/regenerate/", `${management}/keys/12/regenerate`],
  ["/api/management/keys/12/stats/", `${management}/keys/12/stats`],
  ["/api/management/usage/", `${management}/usage`],
  ["/api/management/rate-limit/", `${management}/rate-limit`],
  ["/api/management/credits/", `${management}/credits`],
  ["/api/management/credit-packages/", `${management}/credit-packages`],
  ["/api/management/credits/purchase/", `${management}/credits/purchase`],
  ["/api/management/stats/", `${management}/stats`],
  ["/api/management", management],
])("%s is the documented alias of %s", (sent, canonical) => {
  expect(canonicalPath(sent)).toBe(canonical);
});

it.each([
  [`${management}/keys/`, `${management}/keys`],
  [`${management}/`, management],
  ["/auth/token/", "/auth/token"],
  ["/admin/partners/", "/admin/partners"],
  ["/oauth/token/", "/oauth/token"],
])("the trailing slash of %s means nothing", (sent, canonical) => {
  expect(canonicalPath(sent)).toBe(canonical);
});

it.each([
  "/",
  "/keys",
  "/api/gst/verify/",
  "/api/v1/customers/me/",
  "/users/1/",
  "/api/managements/keys/",
  "/api/v1/api-management-v2/keys/",
  "/API/management/keys/",
  "/administrators/",
])("%s is left as it was sent", (path) => {
  expect(canonicalPath(path)).toBe(path);
});

it("is settled after one pass", () => {
  for (const path of ["/api/management/keys/", "/admin/logs/", "/x/"]) {
    expect(canonicalPath(canonicalPath(path))).toBe(canonicalPath(path));
  }
});
