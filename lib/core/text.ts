import { z } from "zod";

// A control character, a line or paragraph separator, or half of a surrogate pair: PostgreSQL refuses some, terminals and logs act on others.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** One line of human text, trimmed: printable, `max` UTF-16 units at most. */
export const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !unprintable.test(text), "must not contain control characters or broken Unicode")
    .trim();

/** A name: one line, not empty. */
export const name = (max = 100) => line(max).min(1, "must not be empty");

/** An id as somebody sends it: typed prefix and base62, or the small integer of rules R4 as digits. */
export const idText = z.string().regex(/^([a-z]{2,5}_[0-9A-Za-z]{1,40}|[1-9][0-9]{0,8})$/, "is not an id");

/** A reference in a body: an id or a small integer (rules R4). */
export const reference = z
  .union([idText, z.int().min(1).max(999_999_999)])
  .meta({ description: "An id, or the small integer the tenant knows it by." });

const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** An instant in ISO 8601 with its offset, in the years 1970 to 9999 of UTC: others PostgreSQL and JavaScript write in different ways. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0 && Date.parse(text) <= latestMs, "must be between 1970 and 9999")
  .meta({ example: "2027-12-31T23:59:59Z" });
