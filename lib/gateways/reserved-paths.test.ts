import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isReservedPath, reservedPaths } from "#lib/gateways/reserved-paths";

const root = join(import.meta.dirname, "../..");
const shared = ["api", "api/v1"]; // tenants publish beside us here
const served = { "robots.ts": "robots.txt", "sitemap.ts": "sitemap.xml", "manifest.ts": "manifest.webmanifest" };
const isServedFile = (name: string) =>
  /^(icon|apple-icon|favicon|opengraph-image|robots|sitemap|manifest)\d*\./.test(name);

/** The path prefixes that a folder of `app/` serves: route groups are transparent, `[…]` below a shared prefix is no claim. */
function claims(folder: string, prefix = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    const path = prefix ? `${prefix}/${name}` : name;
    if (!entry.isDirectory()) return [];
    if (name.startsWith("(")) return claims(`${folder}/${name}`, prefix);
    if (name.startsWith("_") || name.startsWith("[")) return [];
    return shared.includes(path) ? claims(`${folder}/${name}`, path) : [path];
  });
}

it("every page, route and public file is reserved", () => {
  const app = readdirSync(join(root, "app"), { withFileTypes: true });
  const files = app.filter((entry) => entry.isFile() && isServedFile(entry.name)).map(({ name }) => name);
  const isPublic = existsSync(join(root, "public"));
  const claimed = [
    ...claims("app"),
    ...files.map((name) => (Object.hasOwn(served, name) ? served[name as keyof typeof served] : name)),
    ...(isPublic ? readdirSync(join(root, "public")).filter((name) => !name.startsWith(".")) : []),
  ];
  expect(claimed.length).toBeGreaterThan(0);
  expect(claimed.filter((path) => !isReservedPath(`/${path}`))).toEqual([]);
});

it("the list is sorted and says nothing twice", () => {
  expect(reservedPaths).toEqual([...new Set(reservedPaths)].sort());
});

it.each([
  "/",
  "/keys",
  "/keys/key_1",
  "/Keys",
  "/_next/static/x.js",
  "/api/v1/api-management/keys",
  "/api/auth/session",
])("%s is the portal's", (path) => expect(isReservedPath(path)).toBe(true));

it.each([
  "/users/1",
  "/posts",
  "/todos",
  "/api/gst/verify/",
  "/api/v1/customers/me/services",
  "/keystone",
  "/api",
  "/api/v1",
])("%s may be published by a tenant", (path) => expect(isReservedPath(path)).toBe(false));
