import { type ErrorCode, errorCatalogue } from "#lib/core/errors";
import type { UsageRow } from "#lib/usage/contract";

/** Refusals of one kind in a row, newest first, told once. */
export interface Refusal {
  /** Of the latest. */
  requestId: string;
  at: string;
  status: number;
  title: string;
  /** Why, in a sentence. */
  why: string;
  /** What to do about it. */
  help: string;
  method: string;
  path: string;
  keyId: string | null;
  count: number;
}

/**
 * What an account's keys were refused, newest first. What a signed-in browser was refused is left out (its person saw it), and what
 * an upstream answered.
 * Repeats that follow each other become one entry.
 */
export function refusalsOf(rows: readonly UsageRow[], shownMax: number): Refusal[] {
  const refusals: Refusal[] = [];
  for (const row of rows) {
    if (row.api_key_id === null || row.error_code === null) continue; // without a code it is an upstream's own answer
    const last = refusals.at(-1);
    if (last && isRepeat(last, row)) last.count += 1;
    else if (refusals.length === shownMax) break;
    else refusals.push(refusalOf(row));
  }
  return refusals;
}

function isRepeat(last: Refusal, row: UsageRow): boolean {
  const { title } = explain(row);
  return last.keyId === row.api_key_id && last.title === title && last.method === row.method && last.path === row.path;
}

function refusalOf(row: UsageRow): Refusal {
  return {
    requestId: row.request_id,
    at: row.timestamp,
    status: row.status_code,
    ...explain(row),
    method: row.method,
    path: row.path,
    keyId: row.api_key_id,
    count: 1,
  };
}

/** The last decision that refused says it exactly; the code's own words stand in where none was taken down. */
function explain({ error_code, status_code, decisions }: UsageRow): Pick<Refusal, "title" | "why" | "help"> {
  const known =
    error_code !== null && error_code in errorCatalogue ? errorCatalogue[error_code as ErrorCode] : undefined;
  const refused = decisions.findLast((decision) => decision.endsWith(" Refused."));
  return {
    title: known?.title ?? `Answered ${status_code}`,
    why: refused?.replace(/ Refused\.$/, "") ?? "",
    help: known?.help ?? "",
  };
}
