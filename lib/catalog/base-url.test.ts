import { expect, it } from "vitest";
import { baseUrlOf } from "#lib/catalog/base-url";

const production = { PUBLIC_URL: "https://portal.isp.com", GATEWAY_PORT: 8080 };
const local = { PUBLIC_URL: "http://localhost:3000", GATEWAY_PORT: 8081 };
const domains = ["api.isp.com", "api2.isp.com"];

it("is the portal where the gateway serves there, domains or not", () => {
  expect(baseUrlOf({ domains, serveOnPortal: true }, production)).toBe("https://portal.isp.com");
});

it("is the first domain: by https as a proxy serves it, by http on the gateway's port", () => {
  expect(baseUrlOf({ domains, serveOnPortal: false }, production)).toBe("https://api.isp.com");
  expect(baseUrlOf({ domains, serveOnPortal: false }, local)).toBe("http://api.isp.com:8081");
});

it("is the gateway's port of the portal's host where there are no domains", () => {
  expect(baseUrlOf({ domains: [], serveOnPortal: false }, production)).toBe("http://portal.isp.com:8080");
  expect(baseUrlOf({ domains: [], serveOnPortal: false }, local)).toBe("http://localhost:8081");
});
