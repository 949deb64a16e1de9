import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import * as engine from "@prisma/schema-engine-wasm/schema_engine_bg";

/** One file of the Prisma schema. */
export interface SchemaFile {
  path: string;
  content: string;
}

const root = join(import.meta.dirname, "..");
const isSchema = (path: string) => path.endsWith(".prisma");

/** The engine wants a driver although comparing two texts needs no database: one that is connected to nothing. */
const noDatabase = {
  provider: "postgres",
  adapterName: "none",
  connect: async () => ({
    ok: true,
    value: {
      provider: "postgres",
      adapterName: "none",
      getConnectionInfo: () => ({ ok: true, value: { schemaName: "public", supportsRelationJoins: true } }),
      queryRaw: async () => ({ ok: true, value: { columnNames: [], columnTypes: [], rows: [] } }),
      executeRaw: async () => ({ ok: true, value: 0 }),
      executeScript: async () => ({ ok: true, value: undefined }),
      dispose: async () => ({ ok: true, value: undefined }),
    },
  }),
};

/** The SQL that leads from one state of the models to another; empty when they are the same. Nothing is connected to. */
export async function diffSchemas(from: SchemaFile[], to: SchemaFile[]): Promise<string> {
  loaded ??= loadEngine();
  await loaded;
  const schemaEngine = await engine.SchemaEngine.new({ datamodels: undefined }, () => {}, noDatabase);
  const { stdout } = await schemaEngine.diff({
    from: from.length > 0 ? { tag: "schemaDatamodel", files: from } : { tag: "empty" },
    to: { tag: "schemaDatamodel", files: to },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout?.trim() === "-- This is an empty migration." ? "" : (stdout ?? "");
}

let loaded: Promise<void> | undefined; // a second copy of the bytes would not fit the first one's bindings

/** The package's own entry imports the .wasm file as a module, which Node still calls experimental. */
async function loadEngine(): Promise<void> {
  const packageFolder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const bytes = readFileSync(join(packageFolder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": { ...engine } });
  const bindings = engine as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void };
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
}

/** The models as they are in the checkout. */
function workingSchema(): SchemaFile[] {
  const paths = globSync("prisma/**/*.prisma", { cwd: root }).sort();
  return paths.map((path) => ({ path, content: readFileSync(join(root, path), "utf8") }));
}

/** The models as of the commit that last added a migration: what the migrations together amount to. */
function migratedSchema(): SchemaFile[] {
  const uncommitted = git("status", "--porcelain", "--", "prisma/migrations");
  if (uncommitted)
    throw new Error(`Commit or remove the new migration first, it is what the next one builds on:\n${uncommitted}`);
  const commit = git("log", "-1", "--format=%H", "--", "prisma/migrations");
  if (!commit) return [];
  const paths = git("ls-tree", "-r", "--name-only", commit, "--", "prisma").split("\n").filter(isSchema);
  return paths.map((path) => ({ path, content: git("show", `${commit}:${path}`) }));
}

function git(...command: string[]): string {
  try {
    return execFileSync("git", command, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return ""; // no commit yet
  }
}

async function writeMigration(name: string | undefined): Promise<void> {
  if (!name || !/^[a-z0-9_]+$/.test(name)) throw new Error("Give it a name: npm run db:diff -- add_partners");
  const sql = await diffSchemas(migratedSchema(), workingSchema());
  if (!sql) return print("The models did not change since the last migration.");
  const timestamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const folder = join(root, "prisma", "migrations", `${timestamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "migration.sql"), sql);
  print(
    `Wrote ${relative(root, folder)}/migration.sql: read it, add the row-level security of new tables, then commit it.`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (process.argv[1] === import.meta.filename) {
  try {
    await writeMigration(process.argv[2]);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
