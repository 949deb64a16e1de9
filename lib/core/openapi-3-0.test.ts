import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openApi30 } from "#lib/core/openapi-3-0";
import { openApiDocument } from "#lib/http/openapi";

/** The rendering of one schema of a document. */
function rendered(schema: unknown): unknown {
  const { components } = openApi30({
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: {},
    components: { schemas: { One: schema, Thing: { type: "object" } } },
  }) as { components: { schemas: { One: unknown } } };
  return components.schemas.One;
}

const ref = { $ref: "#/components/schemas/Thing" };

it.each([
  [{ type: ["string", "null"] }, { type: "string", nullable: true }],
  [{ type: ["string", "integer"] }, { anyOf: [{ type: "string" }, { type: "integer" }] }],
  [{ const: "a" }, { enum: ["a"] }],
  [
    { type: "string", examples: ["a", "b"] },
    { type: "string", example: "a" },
  ],
  [
    { type: "integer", exclusiveMinimum: 0 },
    { type: "integer", minimum: 0, exclusiveMinimum: true },
  ],
  [
    { anyOf: [{ type: "string" }, { type: "null" }], description: "d" },
    { type: "string", nullable: true, description: "d" },
  ],
  [{ anyOf: [ref, { type: "null" }] }, { type: "object", nullable: true, allOf: [ref] }],
  [
    { oneOf: [ref, { type: "string" }, { type: "null" }] },
    {
      oneOf: [
        { type: "object", nullable: true, allOf: [ref] },
        { type: "string", nullable: true },
      ],
    },
  ],
  [
    { ...ref, description: "d" },
    { description: "d", allOf: [ref] },
  ],
  [ref, ref],
  [
    { type: "object", propertyNames: { type: "string" }, additionalProperties: { type: ["number", "null"] } },
    { type: "object", additionalProperties: { type: "number", nullable: true } },
  ],
  [
    { type: "array", prefixItems: [{ type: "string" }] },
    { type: "array", items: {} },
  ],
  [
    { type: "object", properties: { const: true, type: { const: 1 } } },
    { type: "object", properties: { const: {}, type: { enum: [1] } } },
  ],
])("%j is said in 3.0.3 as %j", (given, expected) => {
  expect(rendered(given)).toEqual(expected);
});

it("leaves examples of answers alone, and what the document says of itself but its 3.1", () => {
  const example = { type: ["string", "null"], const: 1 };
  const document = {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: { title: "T", version: "1", summary: "s", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    webhooks: {},
    paths: { "/x": { get: { responses: { 200: { content: { "application/json": { example } } } } } } },
  };
  expect(openApi30(document)).toEqual({
    openapi: "3.0.3",
    info: { title: "T", version: "1", license: { name: "Apache-2.0" } },
    paths: document.paths,
  });
});

it("renders the whole management API so that an independent reader finds it to be 3.0.3", () => {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  const file = join(folder, "openapi.json");
  const document = openApi30(openApiDocument("https://portal.example"));
  writeFileSync(file, JSON.stringify(document));
  writeFileSync(join(folder, "redocly.yaml"), "extends: [spec]\n");
  const arguments_ = ["lint", file, "--config", join(folder, "redocly.yaml"), "--format", "json"];
  const { stdout, status } = spawnSync(process.execPath, ["node_modules/@redocly/cli/bin/cli.js", ...arguments_], {
    encoding: "utf8",
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  });
  rmSync(folder, { recursive: true });
  expect(document.openapi).toBe("3.0.3");
  expect(JSON.parse(stdout || "{}").problems).toEqual([]);
  expect(status).toBe(0);
}, 60_000);
