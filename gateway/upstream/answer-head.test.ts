import { describe, expect, it } from "vitest";
import { readAnswerHead, readTrailers } from "#gateway/upstream/answer-head";

const get = { method: "GET", takesTrailers: true };
const refused = expect.objectContaining({ code: "UPSTREAM_ERROR" });

describe("readAnswerHead", () => {
  it("keeps spelling, order and repetition", () => {
    const raw = ["X-One", "1", "set-cookie", "a=1", "Set-Cookie", "b=2", "x-one", "2"];
    expect(readAnswerHead(200, raw, get)).toEqual({ status: 200, headers: raw, length: null });
  });

  it("reads bytes as latin1", () => {
    const raw = [Buffer.from("X-Name"), Buffer.from([0x4d, 0xfc])];
    expect(readAnswerHead(200, raw, get).headers).toEqual(["X-Name", "M\u00fc"]);
  });

  it("drops what is about the upstream's connection, and what that names", () => {
    const raw = ["Connection", "close, X-Hop", "Keep-Alive", "timeout=5", "x-hop", "1", "Upgrade", "h2c", "TE", "x"];
    raw.push("Proxy-Authenticate", "Basic", "Proxy-Connection", "close", "X-Kept", "1");
    expect(readAnswerHead(200, raw, get).headers).toEqual(["X-Kept", "1"]);
  });

  it("passes a length on, whatever Connection says", () => {
    const raw = ["Connection", "content-length, close", "content-length", "5"];
    expect(readAnswerHead(200, raw, get)).toEqual({ status: 200, headers: ["Content-Length", "5"], length: 5 });
  });

  it("knows which answers have no body", () => {
    const raw = ["Content-Length", "5"];
    const head = { method: "HEAD", takesTrailers: true };
    expect(readAnswerHead(200, raw, head)).toEqual({ status: 200, headers: raw, length: 0 });
    expect(readAnswerHead(304, raw, get)).toEqual({ status: 304, headers: raw, length: 0 });
    expect(readAnswerHead(204, raw, get)).toEqual({ status: 204, headers: [], length: 0 });
  });

  it("announces trailers only to those who can take them", () => {
    const raw = ["Trailer", "X-Sum", "Transfer-Encoding", "chunked"];
    expect(readAnswerHead(200, raw, get).headers).toEqual(["Trailer", "X-Sum"]);
    expect(readAnswerHead(200, raw, { method: "GET", takesTrailers: false }).headers).toEqual([]);
    expect(readAnswerHead(200, ["Trailer", "X-Sum"], get).headers).toEqual([]);
  });

  it.each([
    [["Content-Length", "5", "Content-Length", "5"]],
    [["Content-Length", "5, 5"]],
    [["Content-Length", "-5"]],
    [["Content-Length", "5", "Transfer-Encoding", "chunked"]],
    [["Transfer-Encoding", "gzip, chunked"]],
    [["Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"]],
  ])("refuses %j", (raw) => {
    expect(() => readAnswerHead(200, raw, get)).toThrow(refused);
  });
});

describe("readTrailers", () => {
  it("leaves out those that would frame the message or act on the client", () => {
    const raw = [
      "X-Sum",
      "1",
      "Content-Length",
      "9",
      "Set-Cookie",
      "a=1",
      "Transfer-Encoding",
      "chunked",
      "x-sum",
      "2",
    ];
    expect(readTrailers(raw)).toEqual([
      ["X-Sum", "1"],
      ["x-sum", "2"],
    ]);
  });
});
