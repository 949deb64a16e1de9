import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCluster } from "#dev/postgres-cluster";
import { StartError } from "#dev/start-error";
import { temporaryDataFolder } from "#test/folders";

let parent: string;
let dataDir: string;

beforeEach(() => {
  parent = temporaryDataFolder();
  dataDir = join(parent, "data");
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o711);
});

afterEach(() => rmSync(parent, { recursive: true }));

function refusal(): string {
  try {
    return openCluster(dataDir, () => {}).folder;
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as Error).message;
  }
}

// Only root gives PostgreSQL to another user, whom a folder can be closed to.
describe.runIf(process.getuid?.() === 0)("a data folder that the user of PostgreSQL cannot enter", () => {
  test("a new database goes elsewhere", () => {
    chmodSync(dataDir, 0o700);
    const { folder } = openCluster(dataDir, () => {});
    expect([folder.startsWith(dataDir), existsSync(folder)]).toEqual([false, false]);
  });

  test("an existing database is not replaced by an empty one elsewhere: the folder to open is named", () => {
    mkdirSync(join(dataDir, "postgres"));
    chmodSync(dataDir, 0o700);
    expect(refusal()).toContain(`who can no longer enter ${dataDir}, where the database ${dataDir}/postgres is`);
    chmodSync(dataDir, 0o711);
    chmodSync(parent, 0o700);
    expect(refusal()).toContain(`let others pass through it (chmod o+x ${parent}), then start again.`);
    chmodSync(parent, 0o711);
    expect(refusal()).toBe(join(dataDir, "postgres"));
  });

  test("nor is one whose port and password were saved", () => {
    writeFileSync(join(dataDir, "postgres.json"), JSON.stringify({ port: 5432, password: "secret" }));
    chmodSync(dataDir, 0o700);
    expect(refusal()).toContain(`(chmod o+x ${dataDir})`);
    expect(readdirSync(dataDir)).toEqual(["postgres.json"]);
  });
});
