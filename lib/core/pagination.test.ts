import { describe, expect, it } from "vitest";
import { decodeTimeCursor, encodeCursor, page } from "#lib/core/pagination";

describe("decodeTimeCursor", () => {
  it("reads back what was encoded", () => {
    const at = new Date("2026-11-20T08:00:00.123Z");
    expect(decodeTimeCursor(encodeCursor([at.getTime(), "key_1"]))).toEqual({ at, id: "key_1" });
  });

  it.each([
    ["no text of ours", "nonsense"],
    ["too few values", encodeCursor([1])],
    ["too many", encodeCursor([1, "a", "b"])],
    ["a time that is a text", encodeCursor(["1", "a"])],
    ["a time before 1970", encodeCursor([-1, "a"])],
    ["a year of five digits", encodeCursor([8e15, "a"])],
    ["a NUL", encodeCursor([1, "a\0"])],
    ["an object", Buffer.from('[1,{"not":""}]').toString("base64url")],
  ])("refuses %s at the cursor", (_, cursor) => {
    expect(() => decodeTimeCursor(cursor)).toThrow(
      expect.objectContaining({
        code: "VALIDATION_FAILED",
        extras: expect.objectContaining({ fields: [expect.objectContaining({ in: "query", pointer: "#/cursor" })] }),
      }),
    );
  });
});

it("a page has a cursor only when more follows", () => {
  const cut = (rows: number[]) => page(rows, 2, String, (row) => row * 10);
  expect(cut([1, 2, 3])).toEqual({ data: [10, 20], next_cursor: "2", has_more: true });
  expect(cut([1, 2])).toEqual({ data: [10, 20], next_cursor: null, has_more: false });
  expect(cut([])).toEqual({ data: [], next_cursor: null, has_more: false });
});
