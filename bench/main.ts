import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { writeMeasured } from "./measured-table.ts";
import { type ReportedFinding, say } from "./report.ts";

/**
 * `npm run bench -- <name> … [--write]`: runs these measurements one after the other; `all` stands for all that are quick enough. Prints one
 * JSON line a result; with --write, and after `all`, they go into docs/performance.md. Exits with 1 when a run was void.
 */
const all = ["gateway", "latency", "revocation", "keys", "memory", "growth", "ingest", "start"];
const alone = ["profile"]; // says where time goes, not whether a target holds

const args = process.argv.slice(2);
const asked = args.filter((arg) => !arg.startsWith("--") && arg !== "fresh");
const names = asked.includes("all") ? all : asked;
const unknown = names.filter((name) => ![...all, ...alone].includes(name));
if (names.length === 0 || unknown.length > 0) {
  say(`npm run bench -- <name> … [--write], where a name is one of: ${[...all, ...alone].join(", ")}, all`);
  process.exit(1);
}

const findings: ReportedFinding[] = [];
for (const name of names) {
  say(`== ${name}`);
  const startedMs = performance.now();
  const { code, lines } = await run(name);
  if (code !== 0) process.exitCode = 1;
  else findings.push(...lines);
  say(`== ${name}: ${Math.round((performance.now() - startedMs) / 1_000)} s${code === 0 ? "" : ", void"}`);
}
if (findings.length > 0 && (asked.includes("all") || args.includes("--write"))) writeMeasured(findings);

/** Each in a process of its own, so that one cannot warm up or wear out another. */
async function run(name: string): Promise<{ code: number | null; lines: ReportedFinding[] }> {
  const script = join(import.meta.dirname, `${name}.ts`);
  const child = spawn(process.execPath, [script, ...args.filter((arg) => arg === "fresh")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [code] = await once(child, "close");
  return {
    code,
    lines: output
      .split("\n")
      .filter((line) => line.startsWith('{"'))
      .map((line) => JSON.parse(line))
      .filter(isFinding),
  };
}

function isFinding(line: Partial<ReportedFinding>): boolean {
  return line.id !== undefined && line.figure !== undefined;
}
