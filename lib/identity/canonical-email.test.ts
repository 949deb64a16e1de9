import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalEmail, requireEmail } from "#lib/identity/canonical-email";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["  Ada@Example.COM \r\n", "ada@example.com"],
  ["first.last+tag@sub.example.co.uk", "first.last+tag@sub.example.co.uk"],
  ["customer@portico.localhost", "customer@portico.localhost"],
  ["victim＠example.com", "victim@example.com"], // full-width @
  ["ａｄａ@example.com", "ada@example.com"],
  ["\u212Aelvin@example.com", "kelvin@example.com"], // the Kelvin sign
  ["ada@EXAMPLE．com", "ada@example.com"], // full-width full stop
])("%j is one address: %s", (written, canonical) => {
  expect(canonicalEmail(written)).toBe(canonical);
});

test.each([
  "",
  "ada",
  "@example.com",
  "ada@",
  "ada@localhost",
  "ada@example",
  "ada@example.1",
  "a@example.com,b@example.com",
  "a@example.com;b@example.com",
  "a@example.com b@example.com",
  "a@evil.com@example.com",
  "a@evil.com＠example.com",
  '"e@evil.com"@victim.com',
  '"ada"@example.com',
  "ada(comment)@example.com",
  "<ada@example.com>",
  "Ada <ada@example.com>",
  "victim@example.com\r\nBcc: all@example.com",
  "victim@example.com\nx",
  "victim\u0000@example.com",
  "ada@[192.0.2.1]",
  "ada@192.0.2.1",
  ".ada@example.com",
  "ada.@example.com",
  "a..da@example.com",
  "ada@-example.com",
  "ada@example-.com",
  "ada@example..com",
  "ada@.example.com",
  "аda@example.com", // Cyrillic a
  "ada@exаmple.com",
  "ada@example.com\u3000x",
  "İ@example.com",
  `${"a".repeat(65)}@example.com`,
  `ada@${"a".repeat(64)}.com`,
  `ada@${"a.".repeat(130)}com`,
  "\ud800@example.com",
  `ada@example.com${" ".repeat(400)}`,
])("%j is no address", (written) => {
  expect(canonicalEmail(written)).toBeUndefined();
  expect(() => requireEmail(written)).toThrow(expect.objectContaining({ code: "VALIDATION_FAILED" }));
});

test("the canonical form is its own canonical form, plain and bounded", () => {
  const parts = fc.constantFrom(
    "a",
    "Z",
    "é",
    "＠",
    "@",
    ".",
    "．",
    " ",
    "\r\n",
    ",",
    "com",
    '"',
    "ﬁ",
    "\u0000",
    "Ⅳ",
    "-",
    "0",
  );
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 14 }).map((list) => `a@b${list.join("")}`),
      (text) => {
        const canonical = canonicalEmail(text);
        if (canonical === undefined) return;
        expect(canonicalEmail(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^[!-~]{6,254}$/);
        expect(canonical.split("@")).toHaveLength(2);
      },
    ),
  );
});
