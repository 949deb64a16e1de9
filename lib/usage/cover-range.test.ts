import fc from "fast-check";
import { expect, it } from "vitest";
import { coverRange, floorTo, periods, type TimeRange } from "#lib/usage/time-range";

const range = (from: string, to: string): TimeRange => ({ from: new Date(`${from}Z`), to: new Date(`${to}Z`) });
const written = (pieces: ReturnType<typeof coverRange>) =>
  pieces.map(({ period, from, to }) => `${period} ${from.toISOString().slice(5, 16)} ${to.toISOString().slice(5, 16)}`);

it("takes days where there are whole ones, hours around them and minutes at the ends", () => {
  expect(written(coverRange("minute", range("2026-11-18T22:58", "2026-11-20T01:03")))).toEqual([
    "minute 11-18T22:58 11-18T23:00",
    "hour 11-18T23:00 11-19T00:00",
    "day 11-19T00:00 11-20T00:00",
    "hour 11-20T00:00 11-20T01:00",
    "minute 11-20T01:00 11-20T01:03",
  ]);
  expect(written(coverRange("hour", range("2026-11-18T00:00", "2026-11-20T01:03")))).toEqual([
    "day 11-18T00:00 11-20T00:00",
    "hour 11-20T00:00 11-20T01:03",
  ]);
  expect(written(coverRange("minute", range("2026-11-18T22:58", "2026-11-18T23:30")))).toEqual([
    "minute 11-18T22:58 11-18T23:30",
  ]);
  expect(written(coverRange("day", range("2026-11-18T00:00", "2026-11-20T01:03")))).toHaveLength(1);
});

it("leaves nothing out and counts nothing twice, whatever the range", () => {
  const minutes = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(fc.constantFrom("minute", "hour", "day"), minutes, minutes, (period, start, length) => {
      const from = floorTo(period, new Date(Date.UTC(2026, 10, 1) + start * 60_000));
      const asked = { from, to: new Date(from.getTime() + length * 60_000 + 1_234) };
      const pieces = coverRange(period, asked);
      expect([pieces[0]?.from, pieces.at(-1)?.to]).toEqual([asked.from, asked.to]);
      for (const [at, piece] of pieces.entries()) {
        expect(floorTo(piece.period, piece.from)).toEqual(piece.from);
        expect(piece.from < piece.to).toBe(true);
        if (at === 0) continue;
        expect(piece.from).toEqual(pieces[at - 1]?.to);
        expect(floorTo(pieces[at - 1]?.period ?? "day", piece.from)).toEqual(piece.from);
      }
      for (const { period: of, from: a, to: b } of pieces.slice(0, -1))
        expect((b.getTime() - a.getTime()) % periods[of].lengthMs).toBe(0);
    }),
  );
});
