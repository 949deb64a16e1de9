import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeMachine } from "./machine.ts";
import type { ReportedFinding, Target } from "./report.ts";

const file = join(import.meta.dirname, "../docs/performance.md");
const [begin, end] = ["<!-- measured: begin -->", "<!-- measured: end -->"];

/** Puts findings between the marks of docs/performance.md. Rows of other measurements stay as they are. */
export function writeMeasured(findings: readonly ReportedFinding[]): void {
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < from) throw new Error(`${file} has no marks for the measured table.`);
  const rows = new Map(
    text
      .slice(from, to)
      .split("\n")
      .filter(isRow)
      .map((row) => [nameOf(row), row]),
  );
  const when = `${new Date().toISOString().slice(0, 10)}, ${commit()}`;
  for (const finding of findings) {
    const row = rowOf(finding, when);
    rows.set(nameOf(row), row);
  }
  const table = [...head, ...[...rows].sort(([a], [b]) => order(a, b)).map(([, row]) => row)].join("\n");
  const measured = `\n${table}\n\nMachine of the last run: ${describeMachine()}.\n`;
  writeFileSync(file, text.slice(0, from) + measured + text.slice(to));
}

const head = [
  "| row | what | measured | must | moonshot | | when, commit |",
  "| --- | --- | --- | --- | --- | --- | --- |",
];

function rowOf(
  { id, what, figure, unit, must, moonshot, holds, holdsMoonshot }: ReportedFinding,
  when: string,
): string {
  const verdict = holdsMoonshot ? "moonshot" : holds ? "holds" : "**missed**";
  const cells = [
    id,
    what,
    `**${inWords(figure, unit)}**`,
    ofTarget(must, unit),
    ofTarget(moonshot, unit),
    verdict,
    when,
  ];
  return `| ${cells.join(" | ")} |`;
}

function ofTarget({ atMost, atLeast }: Target, unit: string): string {
  if (atMost !== undefined && atMost === atLeast) return inWords(atMost, unit);
  if (atMost !== undefined) return `≤ ${inWords(atMost, unit)}`;
  return atLeast === undefined ? "" : `≥ ${inWords(atLeast, unit)}`;
}

const inWords = (figure: number, unit: string) => `${figure.toLocaleString("en-US")} ${unit}`.trim();

const isRow = (line: string) => /^\| P\d/.test(line);
const nameOf = (row: string) => row.split(" | ").slice(0, 2).join(" ");
const order = (a: string, b: string) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1);
const numberOf = (name: string) => Number(/P(\d+)/.exec(name)?.[1]);

/** The commit that was measured; with a + when files were changed since. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") ? "+" : "");
  } catch {
    return "no commit";
  }
}
