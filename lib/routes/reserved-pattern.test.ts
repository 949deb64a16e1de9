import { expect, it } from "vitest";
import { reservedPrefixOf } from "#lib/routes/reserved-pattern";

it.each([
  ["/", "/"],
  ["/keys", "/keys"],
  ["/keys/", "/keys"],
  ["/Keys/*", "/keys"],
  ["/keys/{id}", "/keys"],
  ["/keys/{id}/*", "/keys"],
  ["/api/v1/api-management/*", "/api/v1/api-management"],
  ["/api/auth/{action}", "/api/auth"],
  ["/_next/*", "/_next"],
])("%s could only ever serve what is under the portal's %s", (pattern, prefix) => {
  expect(reservedPrefixOf(pattern)).toBe(prefix);
});

it.each(["/*", "/{page}", "/{page}/keys", "/api/*", "/api/v1/*", "/api/{version}/keys", "/keystone/*", "/users"])(
  "%s serves other paths too",
  (pattern) => expect(reservedPrefixOf(pattern)).toBeUndefined(),
);
