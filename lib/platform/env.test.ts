import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readEnv, SettingsError } from "#lib/platform/env";

const secret = "x".repeat(32);
const complete = {
  DATABASE_URL: "postgresql://localhost/portico",
  AUTH_SECRET: secret,
  KEY_PEPPER: secret,
  ENCRYPTION_KEY: secret,
};

describe("readEnv", () => {
  it("fills in what may be left out", () => {
    expect(readEnv(complete)).toMatchObject({
      PORT: 3000,
      PUBLIC_URL: "http://localhost:3000",
      USER_JWT_TTL: 86_400,
      ROLES: ["portal", "gateway", "worker"],
      METRICS_ENABLED: true,
      TRUSTED_PROXIES: [],
      PORTICO_DEMO: false,
    });
    expect(readEnv({ ...complete, PORT: "4000", PUBLIC_URL: "https://portal.test/" }).PUBLIC_URL).toBe(
      "https://portal.test",
    );
  });

  it("reads every UPSTREAM_<NAME> as a service to register", () => {
    const given = {
      ...complete,
      UPSTREAM_GST_VERIFY: "https://gst.test/base",
      UPSTREAM_BILLING: "http://10.0.0.7:8000",
    };
    const registered = { gst_verify: "https://gst.test/base", billing: "http://10.0.0.7:8000" };
    expect(Object.fromEntries(readEnv(given).UPSTREAMS)).toEqual(registered);
    for (const wrong of [{ UPSTREAM_A: "ftp://a" }, { UPSTREAM_A: "http://a?b=c" }, { UPSTREAM_: "http://a" }]) {
      expect(() => readEnv({ ...complete, ...wrong })).toThrow("must be UPSTREAM_<NAME> with an http or https address");
    }
  });

  it("names every wrong variable at once", () => {
    const wrong = {
      ...complete,
      PORT: "many",
      AUTH_SECRET: "short",
      ROLES: "portal,cook",
      TRUSTED_PROXIES: "10.0.0.0/99",
      API_KEY_LENGTH: "40",
      KEY_PEPPER: "",
    };
    expect(() => readEnv(wrong)).toThrow(SettingsError);
    for (const name of [
      "PORT",
      "AUTH_SECRET",
      "ROLES",
      "TRUSTED_PROXIES",
      "API_KEY_LENGTH must be 32",
      "KEY_PEPPER is not set",
    ]) {
      expect(() => readEnv(wrong)).toThrow(name);
    }
    expect(() => readEnv({ ...complete, API_RATE_LIMIT_DEFAULT: "1000" })).toThrow("go together");
  });

  it.each([
    ["DEFAULT_RATE_LIMITS", "0/minute"],
    ["DEFAULT_RATE_LIMITS", "99999999999999999999/minute"],
    ["API_RATE_LIMIT_DEFAULT", "5000000000"],
    ["USER_JWT_TTL", "0"],
    ["PUBLIC_URL", "https://portal.test/?a=b"],
    ["ROLES", "gateway,"],
    ["METRICS_ENABLED", "maybe"],
    ["GATEWAY_WORKERS", "0"],
    ["AUTH_SECRET_FILE", "/nowhere/at/all"],
  ])("refuses %s=%s in one sentence", (name, value) => {
    const { AUTH_SECRET: _, ...rest } = complete;
    const source = name === "AUTH_SECRET_FILE" ? rest : complete;
    expect(() =>
      readEnv({ ...source, [name]: value, ...(name === "API_RATE_LIMIT_DEFAULT" && { API_RATE_LIMIT_WINDOW: "60" }) }),
    ).toThrow(SettingsError);
  });

  it.each([
    "portal",
    "gateway",
    "worker",
    "portal,gateway",
    "portal, worker",
    "gateway,worker",
    "worker,gateway,portal",
  ])("ROLES=%s is a process", (roles) => {
    expect(readEnv({ ...complete, ROLES: roles }).ROLES).toEqual(roles.split(/, ?/));
  });

  it("never repeats a secret in its complaint", () => {
    expect(() => readEnv({ ...complete, AUTH_SECRET: "hunter2" })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    );
  });

  it("reads a secret from the file that NAME_FILE names, unless the variable itself is set", () => {
    const folder = mkdtempSync(join(tmpdir(), "portico-env-"));
    const file = join(folder, "pepper");
    writeFileSync(file, `${"f".repeat(32)}\n`);
    const { KEY_PEPPER: _, ...rest } = complete;
    expect(readEnv({ ...rest, KEY_PEPPER_FILE: file }).KEY_PEPPER).toBe("f".repeat(32));
    expect(readEnv({ ...complete, KEY_PEPPER_FILE: file }).KEY_PEPPER).toBe(secret);
    rmSync(folder, { recursive: true });
  });
});
