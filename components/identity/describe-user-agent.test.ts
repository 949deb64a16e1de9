import { expect, test } from "vitest";
import { describeUserAgent } from "@/components/identity/describe-user-agent";

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/141.0.0.0 Safari/537.36`, "Chrome on Linux", "computer"],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64) ${webkit} Chrome/141.0.0.0 Safari/537.36 Edg/141.0`,
    "Edge on Windows",
    "computer",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Firefox on macOS",
    "computer",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1",
    "Safari on iPhone",
    "phone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${webkit} Chrome/141.0.0.0 Mobile Safari/537.36`,
    "Chrome on Android",
    "phone",
  ],
  ["curl/8.5.0", "curl 8.5.0", "program"],
  ["node", "node", "program"],
  ["my-deploy-script/2 (Linux) Chrome/1", "my-deploy-script 2", "program"],
])("%s is %s", (userAgent, name, form) => {
  expect(describeUserAgent(userAgent)).toEqual({ name, form });
});

test("no user agent is an unknown program", () => {
  expect(describeUserAgent(null)).toEqual({ name: "Unknown program", form: "program" });
  expect(describeUserAgent("")).toEqual({ name: "Unknown program", form: "program" });
});
