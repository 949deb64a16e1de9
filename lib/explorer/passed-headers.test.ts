import { expect, it } from "vitest";
import { passedHeaders, shownHeaders } from "#lib/explorer/passed-headers";

it("passes on what describes the request, and nothing that says who or where", () => {
  const passed = { accept: "application/json", "content-type": "text/plain", "idempotency-key": "1", "x-tier": "gold" };
  const withheld = {
    ...{ Cookie: "a=b", cookie2: "a", Authorization: "Bearer x", "X-API-Key": "ak_x", x_api_key: "ak_x", Host: "evil" },
    ...{ "X-Forwarded-For": "1.2.3.4", X_Forwarded_Host: "evil", Forwarded: "for=1.2.3.4", "X-Real-IP": "1.2.3.4" },
    ...{ "x-portico-limits": "{}", Connection: "x-api-key", "Transfer-Encoding": "chunked", "Content-Length": "9" },
    ...{ Origin: "https://evil", Referer: "https://evil", "Sec-Fetch-Site": "none", "Proxy-Authorization": "x" },
    ...{ "Accept-Encoding": "br", Expect: "100-continue", Upgrade: "websocket", TE: "trailers", "User-Agent": "x" },
  };
  expect(passedHeaders({ ...passed, ...withheld })).toEqual(passed);
  expect(passedHeaders({ Accept: "text/html" })).toEqual({ accept: "text/html" });
});

it("shows an answer's headers in lower case, repeated ones joined, without cookies", () => {
  const received = [
    ["Content-Type", "application/json"],
    ["Vary", "Accept"],
    ["vary", "Origin"],
    ["Set-Cookie", "a=b"],
    ["X-RateLimit-Remaining", "59"],
    ["Transfer-Encoding", "chunked"],
  ] as const;
  expect(shownHeaders(received)).toEqual({
    "content-type": "application/json",
    vary: "Accept, Origin",
    "x-ratelimit-remaining": "59",
  });
});
