import { expect, it } from "vitest";
import { curlText } from "@/components/explorer/curl-text";

it("names the public address and the variable a key is in, never a credential", () => {
  const call = {
    method: "post",
    url: "https://portal.example/users?a=O'Brien",
    headers: { accept: "application/json", "X-API-Key": "secret", Authorization: "Bearer secret" },
    body: '{"name":"$HOME"}',
  };
  expect(curlText(call)).toBe(
    [
      "curl -i -X POST 'https://portal.example/users?a=O'\\''Brien'",
      '-H "X-API-Key: $PORTICO_API_KEY"',
      "-H 'accept: application/json'",
      `-d '{"name":"$HOME"}'`,
    ].join(" \\\n  "),
  );
});

it("leaves out what curl does by itself", () => {
  expect(curlText({ method: "GET", url: "https://x.example/", headers: {} })).toMatch(/^curl -i 'https/);
  expect(curlText({ method: "head", url: "https://x.example/", headers: {}, body: "" })).not.toContain("-d");
});
