import { expect, test } from "vitest";
import { cutInto } from "#lib/usage/buckets";

const now = new Date("2026-11-20T13:37:25.000Z");
const days = (timeZone: string, from: string, to: string) =>
  cutInto("day", timeZone, { from: new Date(from), to: new Date(to) }, now);
const iso = (starts: readonly Date[]) => starts.map((start) => start.toISOString().slice(0, 16));

test("days begin at the midnight of the zone, and the first and last are whole", () => {
  const { period, starts, range } = days("Europe/Berlin", "2026-11-17T12:00:00Z", "2026-11-18T23:30:00Z");
  expect(period).toBe("hour");
  expect(iso(starts)).toEqual(["2026-11-16T23:00", "2026-11-17T23:00", "2026-11-18T23:00"]);
  expect(iso([range.from, range.to])).toEqual(["2026-11-16T23:00", "2026-11-19T23:00"]);
});

test("a day on which the clocks are put back has 25 hours", () => {
  const { starts } = days("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z");
  expect(iso(starts)).toEqual(["2026-10-24T22:00", "2026-10-25T23:00"]);
});

test("a day without a midnight begins at one o'clock", () => {
  // Santiago puts its clocks forward at midnight, from 24:00 to 1:00.
  const { starts } = days("America/Santiago", "2026-09-05T12:00:00Z", "2026-09-07T00:00:00Z");
  expect(iso(starts)).toEqual(["2026-09-05T04:00", "2026-09-06T04:00"]);
});

test("the running day ends now", () => {
  const { starts, range } = days("Pacific/Auckland", "2026-11-19T12:00:00Z", now.toISOString());
  expect(iso(starts)).toEqual(["2026-11-19T11:00", "2026-11-20T11:00"]);
  expect(range.to).toEqual(now);
});

test("a time that has not begun has no points", () => {
  expect(days("Europe/Berlin", "2026-12-01T00:00:00Z", "2026-12-03T00:00:00Z").starts).toEqual([]);
});

test("zones that hours do not add up to, times hours are not kept for and too many points are refused with the reason", () => {
  const refusal = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      const { pointer, detail } = (error as { extras: { fields: { pointer: string; detail: string }[] } }).extras
        .fields[0] ?? { pointer: "", detail: "" };
      return `${pointer} ${detail}`;
    }
    return "none";
  };
  expect(refusal(() => days("Asia/Kolkata", "2026-11-17T00:00:00Z", "2026-11-18T00:00:00Z"))).toMatch(
    /^#\/timezone is not a whole number of hours/,
  );
  expect(refusal(() => days("Europe/Berlin", "2026-08-01T00:00:00Z", "2026-11-18T00:00:00Z"))).toMatch(
    /^#\/timezone has days for the last 90 days only/,
  );
  const range = { from: new Date("2026-11-10T00:00:00Z"), to: new Date("2026-11-10T12:00:00Z") };
  expect(refusal(() => cutInto("minute", "UTC", range, now))).toMatch(/^#\/granularity goes back 2 days/);
  const long = { from: new Date("2026-11-10T00:00:00Z"), to: now };
  expect(refusal(() => cutInto("minute", "UTC", long, now))).toMatch(/^#\/granularity gives more than 3000 points/);
  expect(refusal(() => cutInto("hour", "Asia/Kolkata", long, now))).toBe("none");
});
