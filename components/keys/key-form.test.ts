import { describe, expect, it } from "vitest";
import { createBodyOf, newKeyValues, placeFieldErrors, rateProblem, updateBodyOf, valuesOfKey } from "./key-form.ts";

const defaults = { minute: 60, hour: 1000, day: 10_000 };
const now = new Date("2026-11-20T12:00:00Z");
const fresh = { ...newKeyValues(defaults), name: "Production" };

const key = {
  name: "Production",
  description: "Billing",
  account_id: "acct_1",
  permissions: { read: true, write: false, admin: false },
  rate_limit_per_minute: 60,
  rate_limit_per_hour: null,
  rate_limit_per_day: 10_000,
  allowed_ips: ["203.0.113.0/24"],
} as Parameters<typeof valuesOfKey>[0];

describe("the form of a new key", () => {
  it("leaves untouched limits to the installation's defaults, so that the key follows them", () => {
    expect(createBodyOf(fresh, defaults, now)).toEqual({
      name: "Production",
      permissions: { read: true, write: true, admin: false },
      expires_at: "2027-02-18T12:00:00.000Z",
    });
  });

  it("sends every window once one was changed, and null for the one that was emptied", () => {
    const body = createBodyOf({ ...fresh, perMinute: "5", perHour: "" }, defaults, now);
    expect(body).toMatchObject({ rate_limit_per_minute: 5, rate_limit_per_hour: null, rate_limit_per_day: 10_000 });
  });

  it("sends no expiry for never", () => {
    expect(createBodyOf({ ...fresh, expiry: "never" }, defaults, now)).not.toHaveProperty("expires_at");
  });

  it("takes the checked boxes only where the permissions are chosen one by one", () => {
    const boxes = { read: false, write: true, admin: true };
    expect(createBodyOf({ ...fresh, ...boxes, preset: "read" }, defaults, now).permissions).toEqual({
      read: true,
      write: false,
      admin: false,
    });
    expect(createBodyOf({ ...fresh, ...boxes, preset: "custom" }, defaults, now).permissions).toEqual(boxes);
  });

  it("reads addresses from lines and commas alike", () => {
    const { allowed_ips } = createBodyOf({ ...fresh, allowedIps: " 10.0.0.1,\n\n2001:db8::/32 " }, defaults, now);
    expect(allowed_ips).toEqual(["10.0.0.1", "2001:db8::/32"]);
  });
});

describe("the form of an existing key", () => {
  it("sends only what was changed", () => {
    const values = valuesOfKey(key);
    expect(updateBodyOf(values, key, now)).toEqual({});
    expect(updateBodyOf({ ...values, name: "Staging" }, key, now)).toEqual({ name: "Staging" });
  });

  it("sends null for an expiry that was taken away and a description that was emptied", () => {
    const values = { ...valuesOfKey(key), expiry: "never", description: " " } as const;
    expect(updateBodyOf(values, key, now)).toEqual({ expires_at: null, description: null });
  });
});

describe("what is wrong", () => {
  it("is a whole number from 1 to a thousand million, or nothing", () => {
    expect(["", " 60 ", "1000000000"].map(rateProblem)).toEqual([undefined, undefined, undefined]);
    for (const text of ["0", "-1", "1.5", "1e3", "ten", "1000000001"]) expect(rateProblem(text)).toBeDefined();
  });

  it("stands at the field the server names, with the line of the address it means", () => {
    const { byField, rest } = placeFieldErrors(
      [
        { in: "body", pointer: "#/name", detail: "must not be empty" },
        { in: "body", pointer: "#/allowed_ips/1", detail: "must be an address" },
        { in: "body", pointer: "#/limits", detail: "is wrong" },
      ],
      "10.0.0.1\nnonsense",
    );
    expect(Object.fromEntries(byField)).toEqual({
      name: "Must not be empty.",
      allowedIps: "“nonsense” must be an address.",
    });
    expect(rest).toEqual(["limits: is wrong"]);
  });
});
