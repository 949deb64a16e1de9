import { expect, test } from "vitest";
import { diffSchemas, type SchemaFile } from "#prisma/diff";

const datasource: SchemaFile = {
  path: "prisma/schema.prisma",
  content: 'datasource db {\n  provider = "postgresql"\n}\n',
};

function withModel(fields: string): SchemaFile[] {
  return [
    datasource,
    { path: "prisma/models/notes.prisma", content: `model Note {\n  id String @id\n  ${fields}\n}\n` },
  ];
}

test("a new field becomes a new column", async () => {
  const sql = await diffSchemas(withModel(""), withModel("text String?"));
  expect(sql).toMatch(/ALTER TABLE "Note" ADD COLUMN\s+"text" TEXT;/);
});

test("without earlier models everything is created", async () => {
  expect(await diffSchemas([], withModel(""))).toContain('CREATE TABLE "Note"');
});

test("equal models need no migration", async () => {
  expect(await diffSchemas(withModel("text String"), withModel("text String"))).toBe("");
});
