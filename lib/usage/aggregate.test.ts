import fc from "fast-check";
import { expect, test } from "vitest";
import { addCounts, addRows, emptySums, rollupText, type UsageSums } from "#lib/usage/aggregate";
import { encodeSumKey, encodeUsageRow, type UsageEvent, unescapeCopy } from "#lib/usage/event";
import { anyUsageEvent, usageEvent } from "#test/usage-events";

function sumsOf(events: readonly UsageEvent[]) {
  const sums = emptySums();
  addRows(sums, Buffer.from(events.map(encodeUsageRow).join("")).toString("utf8"));
  return sums;
}

const numbers = [
  "requests",
  "unrecorded",
  "errors",
  "credits",
  "request_bytes",
  "response_bytes",
  "latency_us",
] as const;

/** The rows as they are written, in the order of their keys. */
function rollupsOf(sums: UsageSums, foldedUntil: Date) {
  const lines = rollupText(sums, foldedUntil).split("\n").filter(Boolean).toSorted();
  return lines.map((line) => {
    const fields = line.split("\t").map((field) => unescapeCopy(field) ?? "NULL");
    const [period, bucket_at] = fields;
    const amounts = Object.fromEntries(numbers.map((name, at) => [name, Number(fields[12 + at])]));
    const latency_histogram = (fields[19] ?? "").slice(1, -1).split(",").map(Number);
    const dimensions = { tenant_id: fields[2], account_id: fields[3], api_key_id: fields[4], error_code: fields[10] };
    return {
      period,
      bucket_at,
      ...dimensions,
      ...(amounts as Record<(typeof numbers)[number], number>),
      latency_histogram,
    };
  });
}

/** As if every minute were folded: then hours and days are written with it. */
const toRollups = (sums: UsageSums) => rollupsOf(sums, new Date("9999-12-31"));

test("the sums of each period are the sums of the events", () => {
  fc.assert(
    fc.property(fc.array(anyUsageEvent, { maxLength: 30 }), (events) => {
      const rollups = toRollups(sumsOf(events));
      for (const period of ["minute", "hour", "day"]) {
        const rows = rollups.filter((row) => row.period === period);
        const total = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
        expect(total((row) => row.requests)).toBe(events.length);
        expect(total((row) => row.errors)).toBe(events.filter(({ status }) => status >= 400).length);
        expect(total((row) => row.credits)).toBe(events.reduce((sum, { credits }) => sum + credits, 0));
        expect(total((row) => row.latency_us)).toBe(events.reduce((sum, { latencyUs }) => sum + latencyUs, 0));
        expect(total((row) => row.request_bytes + row.response_bytes)).toBe(
          events.reduce((sum, event) => sum + event.requestBytes + event.responseBytes, 0),
        );
        expect(total((row) => row.latency_histogram.reduce((sum, count) => sum + count, 0))).toBe(events.length);
      }
    }),
  );
});

test("sums come in the same order whatever order the events came in", () => {
  fc.assert(
    fc.property(fc.array(anyUsageEvent, { maxLength: 20 }), (events) => {
      expect(toRollups(sumsOf(events.toReversed()))).toEqual(toRollups(sumsOf(events)));
    }),
  );
});

test("calls of one minute, key, endpoint and status are one sum; its hour and day start where they start", () => {
  const at = Date.UTC(2026, 10, 20, 13, 37);
  const rollups = toRollups(sumsOf([usageEvent({ occurredAtMs: at + 1 }), usageEvent({ occurredAtMs: at + 59_999 })]));
  expect(rollups.map(({ period, bucket_at, requests }) => [period, bucket_at, requests])).toEqual([
    ["day", "2026-11-20T00:00:00Z", 2],
    ["hour", "2026-11-20T13:00:00Z", 2],
    ["minute", "2026-11-20T13:37:00Z", 2],
  ]);
});

test("of a minute that is not folded yet only the minute is a sum", () => {
  const at = Date.UTC(2026, 10, 20, 13, 37);
  const sums = sumsOf([usageEvent({ occurredAtMs: at - 1 }), usageEvent({ occurredAtMs: at })]);
  expect(rollupsOf(sums, new Date(at)).map(({ period, bucket_at }) => `${period} ${bucket_at}`)).toEqual([
    "day 2026-11-20T00:00:00Z",
    "hour 2026-11-20T13:00:00Z",
    "minute 2026-11-20T13:36:00Z",
    "minute 2026-11-20T13:37:00Z",
  ]);
});

test("a count record adds to requests and errors, and says that there are no rows for it", () => {
  const sums = emptySums();
  const refusal = usageEvent({ apiKeyId: null, status: 401, errorCode: "API_KEY_INVALID" });
  addRows(sums, encodeUsageRow(refusal));
  addCounts(sums, `41\t${encodeSumKey(refusal)}\n`);
  const [minute] = toRollups(sums).filter(({ period }) => period === "minute");
  expect(minute).toMatchObject({
    requests: 42,
    unrecorded: 41,
    errors: 42,
    latency_us: 1_500,
    error_code: "API_KEY_INVALID",
  });
});

test("a key counts as used by what it was admitted or limited for, and not by tries after its end", () => {
  const at = Date.UTC(2026, 10, 20);
  const sums = sumsOf([
    usageEvent({ occurredAtMs: at + 2, ipAddress: "10.0.0.2" }),
    usageEvent({ occurredAtMs: at + 1, ipAddress: "10.0.0.1", status: 429, errorCode: "RATE_LIMIT_EXCEEDED" }),
    usageEvent({ occurredAtMs: at + 3, ipAddress: "10.0.0.3", status: 401, errorCode: "API_KEY_REVOKED" }),
    usageEvent({ occurredAtMs: at, keyGeneration: 2 }),
  ]);
  expect([...sums.keys.values()]).toEqual([
    {
      key_id: "key_one",
      generation: 1,
      requests: 2,
      last_used_at: new Date(at + 2).toISOString(),
      last_used_ip: "10.0.0.2",
    },
    {
      key_id: "key_one",
      generation: 2,
      requests: 1,
      last_used_at: new Date(at).toISOString(),
      last_used_ip: "127.0.0.1",
    },
  ]);
});
