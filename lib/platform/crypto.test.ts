import fc from "fast-check";
import { expect, it } from "vitest";
import { createHmacText, hmacSha256 } from "#lib/platform/crypto";

it("the quick HMAC is the HMAC, for every key and text, one after another", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 100 }),
      fc.array(fc.string({ maxLength: 300 }), { maxLength: 5 }),
      (key, texts) => {
        const quick = createHmacText(key);
        for (const text of texts) expect(quick(text)).toBe(hmacSha256(key, text).toString("base64"));
      },
    ),
  );
});
