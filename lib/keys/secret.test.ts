import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateSecret, hashSecret, isWellFormedSecret, visibleEnds } from "#lib/keys/secret";

describe("generateSecret", () => {
  it("fits the pattern clients know: ak_ and 32 base62 characters", () => {
    expect(generateSecret("live")).toMatch(/^ak_[a-zA-Z0-9]{32}$/);
    expect(generateSecret("test")).toMatch(/^akt_[a-zA-Z0-9]{32}$/);
  });

  it("never repeats itself and uses every character equally often", () => {
    const secrets = Array.from({ length: 20_000 }, () => generateSecret("live"));
    expect(new Set(secrets).size).toBe(secrets.length);
    const counts = new Map<string, number>();
    for (const secret of secrets)
      for (const character of secret.slice(3, 29)) counts.set(character, (counts.get(character) ?? 0) + 1);
    const expected = (secrets.length * 26) / 62;
    const chiSquare = [...counts.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(62);
    expect(chiSquare).toBeLessThan(125); // 61 degrees of freedom: above this once in 300,000 runs
  });
});

describe("isWellFormedSecret", () => {
  it("accepts what was generated and refuses every single changed character", () => {
    const secret = generateSecret("live");
    expect(isWellFormedSecret(secret)).toBe(true);
    fc.assert(
      fc.property(fc.nat(31), fc.constantFrom(..."0aZz9"), (at, other) => {
        const changed = secret.slice(0, 3 + at) + other + secret.slice(4 + at);
        expect(isWellFormedSecret(changed)).toBe(changed === secret);
      }),
    );
  });

  it.each([
    "",
    "ak_",
    "ak_short",
    `${generateSecret("live")} `,
    `${generateSecret("live")}\n`,
    "ак_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "x".repeat(1_000_000),
  ])("refuses %#", (text) => expect(isWellFormedSecret(text)).toBe(false));
});

it("keeps only an HMAC under the pepper, and shows only the ends", () => {
  const secret = generateSecret("live");
  expect(hashSecret("a".repeat(32), secret)).toHaveLength(32);
  expect(hashSecret("a".repeat(32), secret)).not.toEqual(hashSecret("b".repeat(32), secret));
  expect(visibleEnds(secret)).toEqual({ keyPrefix: secret.slice(0, 7), keyLast4: secret.slice(-4) });
});
