import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { endpoints } from "#lib/http/contracts";
import { openApiDocument } from "#lib/http/openapi";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Routes that are no operations: next-auth's own, the contract itself, our public keys, and those of pages (in parentheses). */
const foreign = /^(api\/auth|openapi\.json|\.well-known|\()/;

/** `app/api/v1/api-management/keys/[key_id]/revoke/route.ts` exporting POST is `POST /api/v1/api-management/keys/{key_id}/revoke`. */
async function servedOperations(): Promise<string[]> {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith("route.ts") && !foreign.test(file),
  );
  const served = files.map(async (file) => {
    const path = `/${file}`.replace("/route.ts", "").replaceAll("[", "{").replaceAll("]", "}");
    const module = `../../app/${file}`;
    const exported = Object.keys(await import(module));
    return exported.filter((name) => methods.includes(name)).map((method) => `${method} ${path}`);
  });
  return (await Promise.all(served)).flat().sort();
}

it("serves exactly the endpoints it declares", async () => {
  expect(await servedOperations()).toEqual(endpoints.map(({ method, path }) => `${method} ${path}`).sort());
});

it("publishes every endpoint under its own operation id", () => {
  const paths = openApiDocument("http://localhost:3000").paths as Record<
    string,
    Record<string, { operationId: string }>
  >;
  const published = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(published.sort()).toEqual(endpoints.map(({ operationId }) => operationId).sort());
  expect(new Set(published).size).toBe(published.length);
});

it("names every parameter of a path in its schema", () => {
  for (const { path, params } of endpoints) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(params?.shape ?? {})).toEqual(inPath);
  }
});
