import { z } from "zod";
import { AppError } from "#lib/core/errors";

const defaultLimit = 50;

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(defaultLimit)
    .meta({ description: "How many entries at most, 1 to 200." }),
  cursor: z.string().max(512).optional().meta({ description: "`next_cursor` of the page before." }),
};

/** The answer of every list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable(), has_more: z.boolean() });

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
  has_more: boolean;
}

/** Where a page ended, as an opaque text: the values of the columns the list is ordered by. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Reads a cursor of `length` values. Anything we did not write is a VALIDATION_FAILED at `cursor`; it can hold no other tenant's rows, only a position. */
export function decodeCursor(cursor: string, length: number): (string | number)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(values) && values.length === length && values.every(isPosition)) return values;
  } catch {
    // not ours either
  }
  throw badCursor();
}

/** The refusal of a cursor that no list of ours gave out. */
export function badCursor(): AppError {
  return new AppError("VALIDATION_FAILED", "The cursor is not one this list gave out.", {
    fields: [{ in: "query", pointer: "#/cursor", detail: "Use next_cursor of the page before, unchanged." }],
  });
}

const isPosition = (value: unknown) =>
  (typeof value === "string" && !value.includes("\0")) || Number.isSafeInteger(value);

/** PostgreSQL and JavaScript write later years in different ways. */
const latestMs = Date.UTC(9999, 11, 31);

/** A (time, id) position: the order of most lists, newest first. */
export function decodeTimeCursor(cursor: string): { at: Date; id: string } {
  const [time, id] = decodeCursor(cursor, 2);
  if (typeof time !== "number" || typeof id !== "string" || time < 0 || time > latestMs) throw badCursor();
  return { at: new Date(time), id };
}

/** Cuts `rows` (asked for with one more than `limit`) to a page. */
export function page<Row, T>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit;
  return {
    data: shown.map(toItem),
    next_cursor: hasMore && last !== undefined ? cursorOf(last) : null,
    has_more: hasMore,
  };
}
