import { expect, test } from "vitest";
import { normalizePassword, requireNewPassword } from "#lib/identity/password";
import { PasswordHasher } from "#lib/identity/password-hasher";

test.each([
  ["too short", "ninechars"],
  ["256 characters and one more", `${"xy".repeat(128)}z`],
  ["a megabyte", "correct horse ".repeat(75_000)],
  ["half a surrogate pair", "correct horse \ud800"],
  ["a NUL", "correct horse\u0000battery"],
  ["one letter again and again", "aaaaaaaaaaaa"],
  ["a common one", "Password123!"],
  ["a common one, long", "qwertyuiop"],
  ["digits only", "1234567890123"],
])("refuses %s", (_why, text) => {
  expect(() => requireNewPassword(text, "password")).toThrow(
    expect.objectContaining({
      code: "VALIDATION_FAILED",
      extras: { fields: [expect.objectContaining({ pointer: "#/password" })] },
    }),
  );
});

test("counts characters, not bytes or UTF-16 units", () => {
  expect(requireNewPassword("🐎🔋📎🐎🔋📎🐎🔋📎x", "password")).toHaveLength(19);
  expect(() => requireNewPassword("🐎🔋📎🐎🔋", "password")).toThrow();
});

test("the same letters written differently are the same password", () => {
  expect(requireNewPassword("cafe\u0301 au lait", "password")).toBe(
    requireNewPassword("caf\u00e9 au lait", "password"),
  );
});

test("what cannot be set is not taken for something that was", () => {
  expect(normalizePassword("correct horse \ud800")).toBeUndefined();
  expect(normalizePassword("x".repeat(257))).toBeUndefined();
});

test("every byte of a password counts: no truncation at 72 bytes or at a NUL", async () => {
  const hasher = new PasswordHasher();
  const first = `${"long ".repeat(20)}one`;
  const hash = await hasher.hash(first);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify(hash, first)).toBe(true);
  expect(await hasher.verify(hash, `${"long ".repeat(20)}two`)).toBe(false);
  expect(await hasher.verify(hash, `${first}\u0000x`)).toBe(false);
  expect(await hasher.verify(null, "a decoy, so that an unknown address costs what a known one does")).toBe(false);
});

test("a decoy that could not be made is made again: unknown addresses are not told apart for good", async () => {
  const hasher = new PasswordHasher({ concurrentMax: 1, waitingMax: 0 });
  const busy = hasher.hash("the only turn");
  await expect(hasher.verify(null, "anything")).rejects.toMatchObject({ code: "AUTH_BACKEND_UNAVAILABLE" });
  await busy;
  expect(await hasher.verify(null, "anything")).toBe(false);
});

test("a few are hashed at once, more wait for their turn, and a queue that is too long is refused", async () => {
  const hasher = new PasswordHasher({ concurrentMax: 2, waitingMax: 3 });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => hasher.hash(`number ${n}`)));
  expect(outcomes.map(({ status }) => status)).toEqual([...Array(5).fill("fulfilled"), ...Array(3).fill("rejected")]);
  expect(outcomes.at(-1)).toMatchObject({ reason: { code: "AUTH_BACKEND_UNAVAILABLE" } });
  expect(await hasher.hash("and then it goes on")).toContain("$argon2id$");
});
