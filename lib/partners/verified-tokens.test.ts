import { expect, it } from "vitest";
import { VerifiedTokens } from "#lib/partners/verified-tokens";

const now = new Date("2026-11-20T12:00:00Z");
const claims = (subject: string, seconds = 60) => ({
  subject,
  keyId: "key_1",
  generation: 1,
  expiresAt: new Date(now.getTime() + seconds * 1000),
});

it("knows a token until it expires, and then forgets it", () => {
  const tokens = new VerifiedTokens();
  tokens.keep("a.b.c", claims("one"));
  expect(tokens.find("a.b.c", new Date(now.getTime() + 59_999))).toMatchObject({ subject: "one" });
  expect(tokens.find("a.b.d", now)).toBeUndefined();
  expect(tokens.find("a.b.c", new Date(now.getTime() + 60_000))).toBeUndefined();
  expect(tokens.size).toBe(0);
});

it("holds no more than it may: the ones unused longest go first", () => {
  const tokens = new VerifiedTokens(2);
  tokens.keep("1", claims("one"));
  tokens.keep("2", claims("two"));
  tokens.find("1", now);
  tokens.keep("3", claims("three"));
  expect([1, 2, 3].map((name) => tokens.find(String(name), now)?.subject)).toEqual(["one", undefined, "three"]);
});
