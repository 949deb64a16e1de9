import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { openApiDocument } from "#lib/http/openapi";

type Operation = { responses: Record<string, { description: string; content?: object; headers?: object }> };
const operations = () =>
  Object.values(openApiDocument("https://portal.test").paths as Record<string, Record<string, Operation>>).flatMap(
    (path) => Object.entries(path),
  );
const operationOf = (path: string, method: string) =>
  (openApiDocument("https://portal.test").paths as Record<string, Record<string, Operation>>)[path]?.[method];

it("says which operations answer with a table too, and what bounds it", () => {
  for (const name of ["usage", "usage-logs", "analytics"]) {
    const done = operationOf(`/api/v1/api-management/${name}`, "get")?.responses[200];
    expect(Object.keys(done?.content ?? {})).toEqual(["application/json", "text/csv"]);
  }
  expect(Object.keys(operationOf("/api/v1/api-management/stats", "get")?.responses[200]?.content ?? {})).toEqual([
    "application/json",
  ]);
});

it("every operation that takes an Idempotency-Key names its refusals", () => {
  const posts = operations().filter(([method, operation]) => method === "post" && "parameters" in operation);
  const withKey = posts.filter(([, operation]) => JSON.stringify(operation).includes('"Idempotency-Key"'));
  expect(withKey.length).toBeGreaterThan(5);
  for (const [, { responses }] of withKey) {
    expect(responses[409]?.description).toContain("IDEMPOTENCY_CONFLICT");
    expect(responses[422]?.description).toContain("IDEMPOTENCY_MISMATCH");
  }
});

it("the published contract is valid OpenAPI 3.1 and passes redocly's recommended rules without a warning", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portico-openapi-"));
  const file = join(folder, "openapi.json");
  writeFileSync(file, JSON.stringify(openApiDocument("https://portal.test")));
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const lint = promisify(execFile)(
    process.execPath,
    ["node_modules/@redocly/cli/bin/cli.js", "lint", file, "--format=json"],
    { env },
  );
  const { stdout } = await lint.catch((error: { stdout: string }) => error);
  rmSync(folder, { recursive: true });
  const report = JSON.parse(stdout.slice(stdout.indexOf("{")));
  expect(report.problems).toEqual([]);
  expect(report.totals).toMatchObject({ errors: 0, warnings: 0 });
});
