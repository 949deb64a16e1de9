import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorCatalogueMarkdown } from "#lib/core/error-catalogue-markdown";
import { AppError, invalidField, isAppError } from "#lib/core/errors";
import { toProblem } from "#lib/core/problem";

const at = { path: "/api/v1/x", requestId: "req_1", now: new Date("2026-11-20T12:00:00Z") };

describe("toProblem", () => {
  it("carries every member of the contract, and Retry-After in header and body alike", () => {
    const { status, headers, body } = toProblem(
      new AppError("RATE_LIMIT_EXCEEDED", "Wait.", {
        retryAfterSeconds: 7,
        headers: { "X-RateLimit-Limit": "5", "Retry-After": "7" },
      }),
      at,
    );
    expect(status).toBe(429);
    expect(headers).toEqual({
      "content-type": "application/problem+json",
      "retry-after": "7",
      "x-ratelimit-limit": "5",
    });
    expect(body).toEqual({
      type: "/docs/errors/RATE_LIMIT_EXCEEDED",
      title: "Rate limit exceeded",
      status: 429,
      detail: "Wait.",
      instance: "/api/v1/x",
      error_code: "RATE_LIMIT_EXCEEDED",
      timestamp: "2026-11-20T12:00:00.000Z",
      path: "/api/v1/x",
      request_id: "req_1",
      retry_after: 7,
    });
  });

  it("says nothing of what broke inside", () => {
    for (const error of [new Error("password=hunter2"), "text", null, { code: "API_KEY_INVALID" }]) {
      const { status, body } = toProblem(error, at);
      expect(status).toBe(500);
      expect(JSON.stringify(body)).not.toContain("hunter2");
    }
  });

  it("names each refused field, and challenges whoever is unknown", () => {
    expect(toProblem(invalidField("limits/0/limit", "no"), at).body.errors).toEqual([
      { in: "body", pointer: "#/limits/0/limit", detail: "no" },
    ]);
    expect(toProblem(new AppError("TOKEN_INVALID", "No."), at).headers["www-authenticate"]).toContain("Bearer");
  });
});

it("knows an error of another copy of this module by its brand", () => {
  const copy = Object.assign(new Error("x"), {
    [Symbol.for("portico.error")]: true,
    code: "CONFLICT",
    detail: "x",
    extras: {},
  });
  expect(isAppError(copy)).toBe(true);
  expect(toProblem(copy, at).status).toBe(409);
});

it("docs/errors.md is what the table says", () => {
  expect(readFileSync("docs/errors.md", "utf8")).toBe(errorCatalogueMarkdown());
});
