import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { openApiDocument } from "#lib/http/openapi";

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
