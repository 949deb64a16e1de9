import { describe, expect, it } from "vitest";
import { CalendarDays, dayEdges } from "#lib/rate-limits/calendar-days";

const at = (text: string) => Date.parse(text);
const edgesAt = (text: string, alignedTo: string, timezone: string) =>
  dayEdges(at(text), alignedTo, timezone).map((ms) => new Date(ms).toISOString().slice(5, 16));

describe("dayEdges", () => {
  it("gives the edge that passed and the next two", () => {
    expect(edgesAt("2030-05-01T12:00Z", "00:00", "UTC")).toEqual(["05-01T00:00", "05-02T00:00", "05-03T00:00"]);
    expect(edgesAt("2030-05-01T12:00Z", "18:00", "UTC")).toEqual(["04-30T18:00", "05-01T18:00", "05-02T18:00"]);
    expect(edgesAt("2030-05-01T18:00Z", "18:00", "UTC")).toEqual(["05-01T18:00", "05-02T18:00", "05-03T18:00"]);
  });

  it("follows the clocks of the zone, west, east and in fractions of an hour", () => {
    expect(edgesAt("2030-01-01T03:00Z", "00:00", "America/New_York")).toEqual([
      "12-31T05:00",
      "01-01T05:00",
      "01-02T05:00",
    ]);
    expect(edgesAt("2030-01-01T20:00Z", "00:00", "Asia/Kathmandu")).toEqual([
      "01-01T18:15",
      "01-02T18:15",
      "01-03T18:15",
    ]);
  });

  it("makes days of 23 and 25 hours where clocks change", () => {
    expect(edgesAt("2030-03-31T00:30Z", "00:00", "Europe/Berlin")).toEqual([
      "03-30T23:00",
      "03-31T22:00",
      "04-01T22:00",
    ]);
    expect(edgesAt("2030-10-27T12:00Z", "00:00", "Europe/Berlin")).toEqual([
      "10-26T22:00",
      "10-27T23:00",
      "10-28T23:00",
    ]);
  });
});

it("CalendarDays answers anew when the day is over", () => {
  const days = new CalendarDays();
  const first = days.edges(at("2030-05-01T12:00Z"), "00:00", "UTC");
  expect(days.edges(at("2030-05-01T23:59Z"), "00:00", "UTC")).toBe(first);
  expect(days.edges(at("2030-05-02T00:00Z"), "00:00", "UTC")[0]).toBe(first[1]);
  expect(days.edges(at("2030-04-30T00:00Z"), "00:00", "UTC")[1]).toBe(first[0]);
});
