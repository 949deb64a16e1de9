import { expect, test } from "vitest";
import { readOrigin } from "#lib/core/request-origin";

const now = new Date("2026-11-20T12:00:00Z");

test("a request's origin is what the edge wrote, and its host the one the client asked the proxy for", () => {
  const headers = new Headers({
    host: "portico.internal:3000",
    "x-forwarded-host": "north.example",
    "x-request-id": "req_1",
    "x-real-ip": "192.0.2.1",
    "user-agent": "x".repeat(400),
  });
  expect(readOrigin(headers, now)).toEqual({
    requestId: "req_1",
    ipAddress: "192.0.2.1",
    userAgent: "x".repeat(300),
    host: "north.example",
    now,
  });
});

test("a request that did not come through the edge has no more than its own host", () => {
  expect(readOrigin(new Headers({ host: "localhost" }), now)).toEqual({
    requestId: "req_unknown",
    ipAddress: "0.0.0.0",
    userAgent: null,
    host: "localhost",
    now,
  });
});
