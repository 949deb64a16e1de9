import { describe, expect, it } from "vitest";
import type { Analytics, AnalyticsGroup } from "#lib/usage/contract";
import { changeOf, errorsChart, groupedChart, logFilterOf } from "@/components/usage/usage-series";

const times = ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"];
const points = (requests: number[], errors = requests.map(() => 0)) =>
  times.map((timestamp, index) => ({ timestamp, requests: requests[index] ?? 0, errors: errors[index] ?? 0 }));
const all = (...sums: Parameters<typeof points>) => points(...sums) as Analytics["series"];
const group = (key: string, requests: number[], more: Partial<AnalyticsGroup> = {}) =>
  ({
    key,
    label: key,
    requests: requests.reduce((sum, count) => sum + count, 0),
    errors: 0,
    series: points(requests),
    ...more,
  }) as AnalyticsGroup;

describe("a chart by group", () => {
  it("adds up to all requests: what has no series of its own is one more", () => {
    const groups = [group("a", [3, 0]), group("b", [1, 1]), group("c", [1, 0], { series: null })];
    const { buckets, series } = groupedChart({ series: all([5, 1]), groups }, "requests");
    expect(series.map(({ key, total }) => [key, total])).toEqual([
      ["a", "3"],
      ["b", "2"],
      ["others", undefined],
    ]);
    expect(buckets.map(({ values }) => values)).toEqual([
      { a: 3, b: 1, others: 1 },
      { a: 0, b: 1, others: 0 },
    ]);
  });

  it("gives a group the same colour whatever is summed", () => {
    const groups = [group("a", [9, 0]), group("b", [1, 0], { errors: 1, series: points([1, 0], [1, 0]) as never })];
    const tonesFor = (sum: "requests" | "errors") =>
      groupedChart({ series: all([10, 0], [1, 0]), groups }, sum).series.map(({ key, tone }) => [key, tone]);
    expect(tonesFor("requests")).toEqual([
      ["a", "accent"],
      ["b", "teal"],
    ]);
    expect(tonesFor("errors")).toEqual([["b", "teal"]]);
  });

  it("says nothing of others where there are none", () => {
    const { series } = groupedChart({ series: all([3, 0]), groups: [group("a", [3, 0])] }, "requests");
    expect(series.map(({ key }) => key)).toEqual(["a"]);
  });
});

describe("errors by status", () => {
  const failed = (status: number, errors: number[]) =>
    group(String(status), errors, {
      status_code: status,
      errors: errors.reduce((sum, count) => sum + count, 0),
      series: points(errors, errors) as NonNullable<AnalyticsGroup["series"]>,
    });

  it("leave out what succeeded, and tell whose fault it was by colour", () => {
    const groups = [group("200", [9, 9], { status_code: 200 }), failed(429, [2, 1]), failed(502, [1, 0])];
    const { series, buckets } = errorsChart({ series: all([12, 10], [3, 1]), groups });
    expect(series.map(({ key, tone }) => [key, tone])).toEqual([
      ["429", "warning"],
      ["502", "danger"],
    ]);
    expect(buckets[0]?.values).toMatchObject({ 429: 2, 502: 1 });
  });
});

describe("a figure beside the one before", () => {
  it("changes in percent, and not at all from nothing", () => {
    expect(changeOf(150, 100)).toBe(50);
    expect(changeOf(0, 100)).toBe(-100);
    expect(changeOf(5, 0)).toBeNull();
    expect(changeOf(null, 5)).toBeNull();
  });
});

describe("a group", () => {
  it("leads to its requests where they can be filtered by what it is", () => {
    expect(logFilterOf(group("a", [1], { api_key_id: "key_1" }))).toEqual({ key: "key_1" });
    expect(logFilterOf(group("a", [1], { status_code: 404 }))).toEqual({ status: "404" });
    expect(logFilterOf(group("a", [1], { error_code: null }))).toBeNull();
  });
});
