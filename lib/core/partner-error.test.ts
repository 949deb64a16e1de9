import { expect, it } from "vitest";
import { toErrorAnswer } from "#lib/core/error-answer";
import { AppError, invalidField, notFound } from "#lib/core/errors";
import { toPartnerError } from "#lib/core/partner-error";

const at = { path: "/users/1", requestId: "req_1", now: new Date("2026-11-20T12:00:00Z") };

it("says of a 401 neither what was sent nor what is wrong with it, and challenges as ever", () => {
  for (const code of ["API_KEY_INVALID", "API_KEY_REVOKED", "TOKEN_INVALID"] as const) {
    const { status, body, headers, errorCode } = toPartnerError(new AppError(code, "This key was revoked yesterday."));
    expect({ status, body }).toEqual({
      status: 401,
      body: { detail: { error: "Unauthorized", message: "Could not validate credentials" } },
    });
    expect(headers).toMatchObject({ "content-type": "application/json", "www-authenticate": expect.any(String) });
    expect(errorCode).toBe(code);
  }
});

it("keeps the members of a refusal beside its sentence", () => {
  const message = "Your API key does not have access to the 'todos' service";
  const error = new AppError("SERVICE_NOT_ALLOWED", message, { members: { allowed_services: ["users", "posts"] } });
  expect(toPartnerError(error).body).toEqual({
    detail: { error: "Forbidden", message, allowed_services: ["users", "posts"] },
  });
});

it("names other refusals by their title, and the fields of a refused body", () => {
  expect(toPartnerError(notFound("partner")).body).toEqual({
    detail: { error: "Not found", message: "No such partner." },
  });
  expect(toPartnerError(invalidField("name", "must not be empty")).body).toEqual({
    detail: {
      error: "Validation failed",
      message: "Some fields are missing or wrong.",
      errors: [{ in: "body", pointer: "#/name", detail: "must not be empty" }],
    },
  });
});

it("tells nobody what broke inside", () => {
  const { status, body } = toPartnerError(new Error("role portico of 10.0.0.7"));
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain("10.0.0.7");
});

it("writes the same refusal in either format, with the same status, code and headers but the type", () => {
  const error = new AppError("UPSTREAM_UNAVAILABLE", "No target is free.", {
    retryAfterSeconds: 3,
    headers: { "X-RateLimit-Limit": "30" },
  });
  const [problem, partner] = (["problem", "partner"] as const).map((format) => toErrorAnswer(format, error, at));
  expect(problem).toMatchObject({ errorCode: "UPSTREAM_UNAVAILABLE", body: { error_code: "UPSTREAM_UNAVAILABLE" } });
  expect(partner).toEqual({
    status: 503,
    headers: { ...problem?.headers, "content-type": "application/json" },
    errorCode: "UPSTREAM_UNAVAILABLE",
    body: { detail: { error: "Upstream unavailable", message: "No target is free.", retry_after: 3 } },
  });
});
