import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Secrets by the name of who holds them: premium, basic, todo, customer. */
export type DemoKeys = Record<string, string>;

export function demoKeysFile(dataDir: string): string {
  return join(dataDir, "demo-keys.json");
}

/** The keys of the demo data; none where it was not made. */
export function readDemoKeys(dataDir: string): DemoKeys {
  const file = demoKeysFile(dataDir);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** Writes them so that nobody else on this machine may read them. */
export function writeDemoKeys(dataDir: string, keys: DemoKeys): void {
  const file = demoKeysFile(dataDir);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
