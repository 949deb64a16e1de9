import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Admission, admit, dressForPortal } from "#gateway/admit";
import { createHeadReader } from "#gateway/head";

interface Sent {
  url?: string;
  method?: string;
  httpVersion?: string;
  headers?: readonly (readonly [string, string])[];
}

/** A message as Node's parser hands it over. */
function request({
  url = "/",
  method = "GET",
  httpVersion = "1.1",
  headers = [["Host", "portal.example"]],
}: Sent): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { url, method, httpVersion });
  const { _addHeaderLines: addHeaders } = req as unknown as { _addHeaderLines(lines: string[], count: number): void };
  addHeaders.call(req, headers.flat(), headers.length * 2);
  return req;
}

/** Admitted, and dressed for the portal unless it is refused. */
function take(req: IncomingMessage): Admission {
  const admission = admit(req, createHeadReader()(req.rawHeaders), []);
  if (!admission.refusal) dressForPortal(req, admission);
  return admission;
}

function refusalOf(sent: Sent): string | undefined {
  return take(request(sent)).refusal?.code;
}

describe("the path", () => {
  it.each([
    "/%zz",
    "/a%",
    "/a%2",
    "/a%%361",
    "/keys/a%2Fb",
    "/keys/a%2fb",
    "/keys/..%2f..%2fusers",
    "/a%5cb",
    "/a%5Cb",
    "/a\\b",
    "/\\evil.example",
    "/a%00",
    "/a%00/b",
    "/a%0d%0aSet-Cookie:x",
    "/a%09",
    "/a%7f",
    "//evil.example/..",
    "//api//v1//x",
    "/a//b",
    "/a//",
    "/.",
    "/..",
    "/a/.",
    "/a/..",
    "/api/v1/../admin",
    "/api/v1/./keys",
    "/api/v1/%2e%2e/admin",
    "/api/v1/%2E%2e/admin",
    "/api/v1/.%2e/admin",
    "/api/v1/%2e./admin",
    "/api/v1/%2e/admin",
    "/api/v1/..;/admin",
    "/api/v1/..%3bx/admin",
    "/api/v1/%c0%ae%c0%ae/admin",
    "/api/v1/%u002e/admin",
    "/%e9",
    "/é",
    "/a b",
    "/keys#x",
    "/keys?a=1#x",
    "http://evil.example/keys",
    "evil.example:80",
    "*",
    "",
  ])("%s is refused", (url) => {
    expect(refusalOf({ url })).toBe("BAD_REQUEST");
  });

  it.each([
    ["/", "/"],
    ["/keys?next=%2F%2fevil&x=//y/../z\\%zz", "/keys?next=%2F%2fevil&x=//y/../z\\%zz"],
    ["/keys?", "/keys?"],
    ["/.well-known/jwks.json", "/.well-known/jwks.json"],
    ["/a..b/...", "/a..b/..."],
    ["/%6beys/%7Euser%2d1", "/keys/~user-1"],
    ["/caf%c3%a9/100%25", "/caf%C3%A9/100%25"],
    ["/%252e%252e/admin", "/%252e%252e/admin"],
    ["/users/1/", "/users/1/"],
    ["/api/management/keys/?limit=2", "/api/v1/api-management/keys?limit=2"],
    ["/api/%6danagement/keys", "/api/v1/api-management/keys"],
  ])("%s arrives as %s", (url, arrived) => {
    const req = request({ url });
    const { refusal, path } = take(req);
    expect(refusal).toBeUndefined();
    expect(req.url).toBe(arrived);
    expect(path).toBe(url.split("?")[0]);
    expect(req.headers["x-portico-sent-path"]).toBe(path);
  });

  const pieces = fc.constantFrom(
    "/",
    ".",
    "%2e",
    "%2F",
    "%5c",
    "\\",
    "%",
    "25",
    "2",
    "e",
    ";",
    "a",
    "%41",
    "%00",
    "?",
    "%c3%a9",
  );
  it("is refused, or canonical: one spelling, no empty or dot segment, no hidden slash", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 12 }).map((parts) => `/${parts.join("")}`),
          fc.string(),
        ),
        (url) => {
          const req = request({ url });
          if (take(req).refusal) return;
          const path = req.url?.split("?")[0] ?? "";
          expect(path).toMatch(/^\/(?!.*\/\/)/);
          expect(decodeURIComponent(path).split("/").length).toBe(path.split("/").length);
          expect(decodeURIComponent(path).split("/")).not.toEqual(expect.arrayContaining([".."]));
          expect(decodeURIComponent(path).split("/")).not.toEqual(expect.arrayContaining(["."]));
          expect(decodeURIComponent(path)).not.toMatch(/[\\\0]/);
          const again = request({ url: req.url ?? "" });
          expect(take(again).refusal).toBeUndefined();
          expect(again.url).toBe(req.url);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("headers", () => {
  const forged = [
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Prefix",
    "x_forwarded_for",
    "Forwarded",
    "X-Real-IP",
    "X_Real_IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Portico-Sent-Path",
    "X-Portico-Account",
    "x_portico_signature",
    "X-Middleware-Subrequest",
    "X-Middleware-Rewrite",
    "X-Middleware-Override-Headers",
    "X-Middleware-Request-Authorization",
    "X-Now-Route-Matches",
    "X-Matched-Path",
    "X-NextJS-Data",
    "X-Invoke-Path",
    "X-Prerender-Revalidate",
    "X-Next-Resume-State-Length",
    "X-Next-Revalidated-Tags",
    "Next-Resume",
    "Next-Action",
    "X-Action-Forwarded",
    "X_Request_Id",
  ];

  it.each(forged)("a client's %s never arrives, in no spelling and no list", (name) => {
    const req = request({
      headers: [
        ["Host", "a"],
        [name, "forged"],
        [name.toUpperCase(), "forged"],
      ],
    });
    expect(Object.keys(req.headers)).toContain(name.toLowerCase());
    expect(take(req).refusal).toBeUndefined();
    expect(JSON.stringify([req.headers, req.rawHeaders, req.headersDistinct])).not.toContain("forged");
  });

  it.each([
    "RSC",
    "Next-Router-State-Tree",
    "Next-Router-Prefetch",
    "Next-Url",
    "Authorization",
    "X-API-Key",
    "X-Portico-Signature",
    "Cookie",
  ])("%s arrives as sent", (name) => {
    const req = request({
      headers: [
        ["Host", "a"],
        [name, "sent"],
      ],
    });
    take(req);
    expect(req.headers[name.toLowerCase()]).toBe("sent");
    expect(req.rawHeaders).toContain(name);
  });

  it("what we set is there once, in both forms", () => {
    const req = request({
      headers: [
        ["Host", "portal.example:3000"],
        ["X-Forwarded-For", "1.2.3.4"],
      ],
    });
    Object.defineProperty(req.socket, "remoteAddress", { value: "::ffff:198.51.100.9" });
    const { requestId } = take(req);
    const own = {
      "x-forwarded-for": "198.51.100.9",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "portal.example:3000",
      "x-real-ip": "198.51.100.9",
      "x-request-id": requestId,
      "x-portico-sent-path": "/",
    };
    expect(req.headers).toMatchObject(own);
    for (const [name, value] of Object.entries(own)) expect(req.headersDistinct[name]).toEqual([value]);
  });
});

describe("the request id", () => {
  it.each(["abc", "A.b_c-9", "x".repeat(128)])("%s is kept", (id) => {
    const req = request({
      headers: [
        ["Host", "a"],
        ["X-Request-Id", id],
      ],
    });
    expect(take(req).requestId).toBe(id);
    expect(req.headers["x-request-id"]).toBe(id);
  });

  it.each(["", "a b", "a,b", "<script>", "x".repeat(129), "é"])("%j is replaced", (id) => {
    const req = request({
      headers: [
        ["Host", "a"],
        ["X-Request-Id", id],
      ],
    });
    expect(take(req).requestId).toMatch(/^req_[0-9A-Za-z]{22}$/);
  });
});

describe("framing", () => {
  const host = ["Host", "a"] as const;
  it.each<[string, Sent]>([
    ["two Hosts", { headers: [host, ["Host", "b"]] }],
    ["no Host", { headers: [] }],
    ["a Host with a path", { headers: [["Host", "a/b"]] }],
    ["an empty Host", { headers: [["Host", ""]] }],
    ["two codings", { headers: [host, ["Transfer-Encoding", "identity, chunked"]] }],
    ["an unknown coding", { headers: [host, ["Transfer-Encoding", "xchunked"]] }],
    ["chunked in HTTP/1.0", { httpVersion: "1.0", headers: [host, ["Transfer-Encoding", "chunked"]] }],
    ["a coding with an underscore", { headers: [host, ["transfer_encoding", "chunked"]] }],
    ["a length beyond 2^53", { headers: [host, ["Content-Length", "9007199254740993"]] }],
    ["HTTP/0.9", { httpVersion: "0.9" }],
    ["HTTP/2.0 in clear text", { httpVersion: "2.0" }],
  ])("%s is refused and the connection closed", (_, sent) => {
    const { refusal } = take(request(sent));
    expect(refusal?.code).toBe("BAD_REQUEST");
    expect(refusal?.extras.headers).toEqual({ connection: "close" });
  });

  it.each<[string, Sent]>([
    ["chunked", { method: "POST", headers: [host, ["Transfer-Encoding", "Chunked"]] }],
    ["a body with GET", { headers: [host, ["Content-Length", "5"]] }],
    ["an IPv6 host", { headers: [["Host", "[::1]:3000"]] }],
    ["HTTP/1.0 without Host", { httpVersion: "1.0", headers: [] }],
  ])("%s is admitted", (_, sent) => {
    expect(refusalOf(sent)).toBeUndefined();
  });
});

it.each(["TRACE", "CONNECT", "PROPFIND", "M-SEARCH"])("405: %s", (method) => {
  const { refusal } = take(request({ method }));
  expect(refusal?.code).toBe("METHOD_NOT_ALLOWED");
  expect(refusal?.extras.headers?.allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
});

it("OPTIONS * is admitted", () => {
  expect(refusalOf({ method: "OPTIONS", url: "*" })).toBeUndefined();
});
