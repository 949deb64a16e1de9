import { expect, it } from "vitest";
import { requireCallablePath } from "#lib/explorer/callable-path";

it.each([
  "/api/v1/api-management/whoami",
  "/api/v1/api-management/keys?search=O'Brien&limit=5",
  "/users/1",
  "/users",
  "/users/",
  "/things/a%20b%2fc",
  "/api/gst/verify",
  "/x?next=http://evil.example//..",
])("%s may be tried", (path) => {
  expect(() => requireCallablePath(path)).not.toThrow();
});

it.each([
  "",
  "users",
  "//evil.example",
  "//evil.example/users",
  "http://evil.example/users",
  "@evil.example/users",
  "/users//1",
  "/\\evil.example",
  "/\tevil",
  "/users#fragment",
  "/users/ 1",
  "/users/\r\nX-Evil: 1",
  "/docs/../keys",
  "/users/../docs/explorer/call",
  "/users/%2e%2e/keys",
  "/users/.",
  "/%64ocs/explorer/call",
  "/users/%zz",
  "/",
  "/?x",
  "/docs/explorer/call",
  "/Docs",
  "/keys",
  "/api/auth/session",
  "/api/management/keys",
  "/admin/partners",
  "/auth/token",
  "/_next/static/x.js",
  "/openapi.json",
  "/healthz",
  "/api/v1/api-management/auth/login",
  "/API/v1/api-management/Auth/login",
])("%j is refused", (path) => {
  expect(() => requireCallablePath(path)).toThrow(expect.objectContaining({ code: "VALIDATION_FAILED" }));
});
