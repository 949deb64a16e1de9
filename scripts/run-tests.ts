import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuild, ensurePrismaClient } from "#dev/build";
import { StartError } from "#dev/start-error";
import { sweepLeftovers } from "#test/folders";
import { chromium, findProgram, redisServer, requirePrograms } from "./programs.ts";

/** `npm test [-- unit|integration|e2e [filter …]]`: prepares what the tests need, runs them, ends with one line that counts them. */
interface Count {
  passed: number;
  failed: number;
}

const suites = ["unit", "integration", "e2e"];
const stopping = new AbortController();
const { signal } = stopping;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => stopping.abort());
process.once("disconnect", () => stopping.abort());
process.channel?.unref();

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, stack } = error as Error;
  if (!signal.aborted) process.stderr.write(`${error instanceof StartError ? message : stack}\n`);
  process.exitCode = 1;
}

async function main([first = "", ...rest]: string[]): Promise<number> {
  const chosen = suites.includes(first) ? [first] : suites;
  const filters = suites.includes(first) ? rest : [first, ...rest].filter(Boolean);
  await prepare(chosen, filters);
  const projects = chosen.filter((suite) => suite !== "e2e");
  const counts: Count[] = [];
  if (projects.length > 0) counts.push(await runVitest(projects, filters));
  if (chosen.includes("e2e") && !signal.aborted) counts.push(await runPlaywright(filters));
  await sweepLeftovers();
  return signal.aborted ? 1 : conclude(counts);
}

async function prepare(chosen: string[], filters: string[]): Promise<void> {
  const withBrowser = chosen.includes("e2e");
  const withServices = withBrowser || chosen.includes("integration");
  requirePrograms([...(withServices ? [redisServer] : []), ...(withBrowser ? [chromium] : [])], say);
  await ensurePrismaClient({ log: say, signal });
  // Built here rather than inside the first test that starts the product, where it would look like a hanging test.
  if (withBrowser || (withServices && filters.length === 0)) await ensureBuild({ log: say, signal });
}

function conclude(counts: Count[]): number {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  if (passed + failed === 0) say("No test matched.");
  say(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

async function runVitest(projects: string[], filters: string[]): Promise<Count> {
  const choice = projects.flatMap((name) => ["--project", name]);
  return runReporting(
    async (file) => {
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
      return run(
        ["node_modules/vitest/vitest.mjs", "run", "--passWithNoTests", ...choice, ...reporters, ...filters],
        {},
      );
    },
    (report: VitestReport) => {
      // A file that cannot even be loaded counts no failing test of its own.
      const broken = report.testResults.filter(
        ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
      );
      return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
    },
  );
}

interface PlaywrightReport {
  stats: { expected: number; flaky: number; unexpected: number };
  errors: unknown[];
}

async function runPlaywright(filters: string[]): Promise<Count> {
  return runReporting(
    async (file) => {
      const variables = {
        PLAYWRIGHT_JSON_OUTPUT_FILE: file,
        CHROMIUM_PATH: process.env.CHROMIUM_PATH || (findProgram(chromium) ?? ""),
      };
      const program = [
        "node_modules/@playwright/test/cli.js",
        "test",
        "--pass-with-no-tests",
        "--reporter=list,json",
        ...filters,
      ];
      return run(program, variables);
    },
    ({ stats, errors }: PlaywrightReport) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
    }),
  );
}

/** Runs a test program and reads its JSON report. A bad exit without a failed test (it crashed) counts as one failure. */
async function runReporting<Report>(
  program: (reportFile: string) => Promise<number>,
  count: (report: Report) => Count,
): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "portico-report-"));
  const file = join(folder, "report.json");
  try {
    const code = await program(file);
    const counted = existsSync(file) ? count(JSON.parse(readFileSync(file, "utf8"))) : { passed: 0, failed: 0 };
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string[], variables: Record<string, string>): Promise<number> {
  return new Promise((done, fail) => {
    const env = { ...process.env, ...variables, NEXT_TELEMETRY_DISABLED: "1" };
    const child = spawn(process.execPath, program, { env, stdio: "inherit" });
    signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", fail);
    child.once("exit", (code) => done(code ?? 1));
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
