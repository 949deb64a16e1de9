/** What a figure has to be: spec words "must" and "moonshot". */
export interface Target {
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Finding {
  /** The row of the table of targets: P1, P2, … */
  readonly id: string;
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly must: Target;
  readonly moonshot: Target;
  /** What the figure was made from. */
  readonly detail?: object;
}

/** A line of a bench on standard output. */
export interface ReportedFinding extends Finding {
  readonly holds: boolean;
  readonly holdsMoonshot: boolean;
}

/** Prints a result as one line of JSON. */
export function report(finding: Finding): void {
  const { figure, must, moonshot } = finding;
  const line: ReportedFinding = { ...finding, holds: holds(figure, must), holdsMoonshot: holds(figure, moonshot) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The run says nothing: something that must be true during a measurement was not. Prints why; the process ends with 1. */
export function reportVoid(id: string, reasons: readonly string[]): void {
  process.stdout.write(`${JSON.stringify({ id, void: reasons })}\n`);
  process.exitCode = 1;
}

/** For people who wait: on standard error, so that standard output stays one line a result. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function holds(figure: number, { atMost, atLeast }: Target): boolean {
  return Number.isFinite(figure) && figure <= (atMost ?? figure) && figure >= (atLeast ?? figure);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that `percent` of all values do not exceed; NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

export const roundCount = Number(process.env.ROUNDS ?? 3);
