import { describe, expect, it } from "vitest";
import type { UsageRow } from "#lib/usage/contract";
import { refusalsOf } from "./refusals.ts";

const limited = {
  request_id: "req_1",
  timestamp: "2026-11-20T12:00:00Z",
  status_code: 429,
  error_code: "RATE_LIMIT_EXCEEDED",
  method: "GET",
  path: "/api/v1/api-management/whoami",
  api_key_id: "key_1",
  decisions: [
    "Authentication: the API key is good (its secret number 1).",
    "Limits: 5 calls per 60 s are used up; the next one gets in after 34 s. Refused.",
  ],
} as UsageRow;

describe("recent refusals", () => {
  it("say why, in the words of the decision that refused", () => {
    const [refusal] = refusalsOf([limited], 5);
    expect(refusal).toMatchObject({
      title: "Rate limit exceeded",
      why: "Limits: 5 calls per 60 s are used up; the next one gets in after 34 s.",
      count: 1,
    });
  });

  it("tell repeats that follow each other once, with the newest time", () => {
    const rows = [limited, { ...limited, request_id: "req_0", timestamp: "2026-11-20T11:59:00Z" }];
    expect(refusalsOf(rows, 5)).toMatchObject([{ requestId: "req_1", count: 2 }]);
    expect(refusalsOf([limited, { ...limited, api_key_id: "key_2" }], 5)).toHaveLength(2);
  });

  it("count repeats of the last entry shown, and nothing beyond", () => {
    const rows = [limited, limited, { ...limited, path: "/other" }];
    expect(refusalsOf(rows, 1)).toMatchObject([{ count: 2 }]);
  });

  it("leave out what a signed-in browser was refused", () => {
    expect(refusalsOf([{ ...limited, api_key_id: null }], 5)).toEqual([]);
  });

  it("fall back to the code's own words where no decision was taken down", () => {
    expect(refusalsOf([{ ...limited, decisions: [] }], 5)).toMatchObject([{ title: "Rate limit exceeded", why: "" }]);
  });
});
