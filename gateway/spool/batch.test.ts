import fc from "fast-check";
import { expect, test } from "vitest";
import { findBatch, frameBatch, readBatches } from "#gateway/spool/batch";

const lines = fc
  .array(fc.string({ unit: "grapheme", maxLength: 30 }), { minLength: 1, maxLength: 5 })
  .map((texts) => `${texts.join("\n")}\n`);
const file = fc.array(fc.tuple(fc.constantFrom("#" as const, "+" as const), lines), { minLength: 1, maxLength: 5 });

test("batches written one after the other are read back", () => {
  fc.assert(
    fc.property(file, (written) => {
      const bytes = Buffer.concat(written.map(([mark, text]) => frameBatch(mark, text)));
      const { batches, length, needed } = readBatches(bytes);
      expect(batches.map(({ kind, body }) => [kind, body.toString()])).toEqual(
        written.map(([mark, text]) => [mark === "#" ? "rows" : "counts", Buffer.from(text).toString()]),
      );
      expect([length, needed]).toEqual([bytes.length, null]);
    }),
  );
});

test("a file torn at any byte ends with its last whole batch", () => {
  const frames = [frameBatch("#", "first\n"), frameBatch("+", "second\n"), frameBatch("#", "third\n")];
  const bytes = Buffer.concat(frames);
  const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const { batches, length } = readBatches(bytes.subarray(0, cut));
    expect(batches).toHaveLength(ends.filter((end) => end <= cut).length);
    expect(length).toBe(ends.findLast((end) => end <= cut) ?? 0);
  }
});

test("a batch with a changed bit is not believed, nor what follows it", () => {
  const first = frameBatch("#", "first\n");
  const bytes = Buffer.concat([first, frameBatch("#", "second\n"), frameBatch("#", "third\n")]);
  for (let at = first.length; at < bytes.length - frameBatch("#", "third\n").length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(readBatches(changed).batches).toHaveLength(1);
  }
});

test("a batch cut off says how many bytes it takes", () => {
  const frame = frameBatch("#", `${"x".repeat(1_000)}\n`);
  expect(readBatches(frame.subarray(0, 100))).toEqual({ batches: [], length: 0, needed: frame.length });
});

test("behind a changed bit the next whole batch is found; behind a torn write there is none", () => {
  const [first, second] = [frameBatch("#", "first\nlines\n"), frameBatch("+", "second\n")];
  const bytes = Buffer.concat([first, second]);
  for (let at = 0; at < first.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(findBatch(changed)).toBe(first.length);
    expect(findBatch(first.subarray(0, at))).toBeNull();
  }
  expect(findBatch(bytes)).toBe(0);
});
