import fc from "fast-check";
import { expect, test } from "vitest";
import { clampTimes } from "#lib/usage/clamp-times";
import { decodeUsageRow, encodeUsageRow, usageColumns } from "#lib/usage/event";
import { anyUsageEvent, usageEvent } from "#test/usage-events";

/** What UTF-8 and PostgreSQL make of a text. */
const stored = (text: string, max: number) =>
  Buffer.from(text.slice(0, max)).toString("utf8").replaceAll("\0", "\ufffd");

test("a row reads back as what was recorded, whatever the caller sent", () => {
  fc.assert(
    fc.property(anyUsageEvent, (event) => {
      const row = Buffer.from(encodeUsageRow(event)).toString("utf8");
      const read = decodeUsageRow(row.slice(0, -1));
      expect(read.path).toBe(stored(event.path, 2048));
      expect(read.user_agent).toBe(event.userAgent === null ? null : stored(event.userAgent, 512));
      expect(read.endpoint).toBe(stored(event.endpoint, 256));
      expect(read.api_key_id).toBe(event.apiKeyId);
      expect(read.request_id).toBe(stored(event.requestId, 128));
      expect(read.occurred_at).toBe(new Date(event.occurredAtMs).toISOString());
    }),
  );
});

test("a row is one line of as many fields as there are columns", () => {
  fc.assert(
    fc.property(anyUsageEvent, (event) => {
      const row = encodeUsageRow(event);
      expect(row.indexOf("\n")).toBe(row.length - 1);
      expect(row.split("\t")).toHaveLength(usageColumns.length);
      expect(row).not.toContain("\0");
    }),
  );
});

test("a null and the text \\N are told apart", () => {
  const row = encodeUsageRow(usageEvent({ userAgent: "\\N", country: null }));
  const { user_agent, country } = decodeUsageRow(row.slice(0, -1));
  expect({ user_agent, country }).toEqual({ user_agent: "\\N", country: null });
});

test("numbers that no column can hold are brought into range", () => {
  const row = encodeUsageRow(
    usageEvent({
      latencyUs: 1e15,
      requestBytes: Number.NaN,
      responseBytes: -5,
      occurredAtMs: Number.NaN,
      trace: [1.7, Number.NaN, 1e12],
    }),
  );
  const { latency_us, request_bytes, response_bytes, occurred_at, trace } = decodeUsageRow(row.slice(0, -1));
  expect({ latency_us, request_bytes, response_bytes }).toEqual({
    latency_us: "2147483647",
    request_bytes: "0",
    response_bytes: "0",
  });
  expect({ occurred_at, trace }).toEqual({ occurred_at: "1970-01-01T00:00:00.000Z", trace: "{1,0,2147483647}" });
});

test("times beyond the bounds become the bound, and nothing else changes", () => {
  const at = Date.UTC(2026, 10, 20, 12);
  const rows = [at - 10_000, at, at + 10_000].map((occurredAtMs, index) =>
    encodeUsageRow(usageEvent({ occurredAtMs, requestId: `req_${index}` })),
  );
  const clamped = clampTimes(rows.join(""), { earliestMs: at - 1_000, latestMs: at + 1_000 });
  const read = clamped
    .trimEnd()
    .split("\n")
    .map((row) => decodeUsageRow(row));
  expect(read.map((row) => row.occurred_at)).toEqual(
    [at - 1_000, at, at + 1_000].map((time) => new Date(time).toISOString()),
  );
  expect(read.map((row) => row.request_id)).toEqual(["req_0", "req_1", "req_2"]);
  expect(clampTimes(rows.join(""), { earliestMs: 0, latestMs: at * 2 })).toBe(rows.join(""));
});
