import { expect, test } from "vitest";
import { csvHeaders, isCsv, toCsv } from "#lib/core/csv";

const cell = (value: string | number | boolean | null | readonly string[]) =>
  toCsv({ it: (row: typeof value) => row }, [value]).split("\r\n")[1];

test("a table has a line of names and one for each row, each ended as RFC 4180 says", () => {
  const rows = [
    { a: 1, b: "x" },
    { a: 2.5, b: null },
  ];
  expect(toCsv({ a: (row: (typeof rows)[number]) => row.a, b: (row) => row.b }, rows)).toBe("a,b\r\n1,x\r\n2.5,\r\n");
});

test("commas, quotes and line ends stay in their cell", () => {
  expect(toCsv({ it: (row: string) => row }, ['a "b", c\nd'])).toBe('it\r\n"a ""b"", c\nd"\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"])(
  "a spreadsheet does not run %j",
  (text) => {
    expect(cell(text)?.replace(/^"/, "").startsWith("'")).toBe(true);
  },
);

test("numbers keep their sign, lists become one cell", () => {
  expect(cell(-1)).toBe("-1");
  expect(cell(true)).toBe("true");
  expect(cell(["one", "two"])).toBe("one; two");
  expect(cell(["=one", "two"])).toBe("'=one; two");
});

test("a table is known by what it holds and says its file name and bound", () => {
  const table = { csv: "a\r\n", fileName: "a.csv", rowsMax: 10 };
  expect(isCsv(table)).toBe(true);
  expect(isCsv({ data: [] })).toBe(false);
  expect(csvHeaders(table)).toEqual({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="a.csv"',
    "x-row-limit": "10",
  });
});
