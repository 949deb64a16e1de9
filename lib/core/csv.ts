/** A table as text, to be answered instead of JSON (RFC 4180). */
export interface Csv {
  readonly csv: string;
  /** What a browser saves it as. */
  readonly fileName: string;
  /** Where the table goes on, when this is not all of it: becomes the Link header's cursor. */
  readonly next_cursor?: string | null;
  /** The most rows one answer has, when it has a bound. */
  readonly rowsMax?: number;
}

type Cell = string | number | boolean | null | undefined | readonly string[];

/** Writes rows under the names of their columns. Nothing is an empty cell; a list is its entries with semicolons between. */
export function toCsv<Row>(columns: Readonly<Record<string, (row: Row) => Cell>>, rows: readonly Row[]): string {
  const cells = Object.values(columns);
  const lines = rows.map((row) => cells.map((cell) => textOf(cell(row))).join(","));
  return `${[Object.keys(columns).join(","), ...lines].join("\r\n")}\r\n`;
}

/** Recognised by what it holds: each part of the server has its own copy of this module. */
export function isCsv(value: unknown): value is Csv {
  return typeof value === "object" && value !== null && "csv" in value && typeof value.csv === "string";
}

/** The headers a table is answered with. */
export function csvHeaders({ fileName, rowsMax }: Csv): Record<string, string> {
  return {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${fileName}"`,
    ...(rowsMax !== undefined && { "x-row-limit": String(rowsMax) }),
  };
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  const text = typeof cell === "string" ? cell : cell.join("; ");
  // A spreadsheet would run what a caller sent as a path or user agent (OWASP, CSV injection); some read the wide forms as the same.
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
