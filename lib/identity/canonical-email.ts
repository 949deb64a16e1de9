import { invalidField } from "#lib/core/errors";

const atom = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const shape = new RegExp(
  `^(?=.{6,254}$)(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@(?:${label}\\.)+(?=[a-z0-9-]*[a-z])${label}$`,
);

/**
 * The one form of an e-mail address: trimmed, NFKC, lower case. It is made before anything looks at the address, so what is
 * checked, stored, compared and mailed to is the same text. Only the dot-atom form of RFC 5321 in ASCII is taken: quoted local parts,
 * comments, lists and address literals have all been used to send somebody else's mail elsewhere. Undefined: not an address.
 */
export function canonicalEmail(text: string): string | undefined {
  if (text.length > 320) return undefined; // before NFKC, which can multiply a text by 18
  const canonical = text.trim().normalize("NFKC").toLowerCase();
  return shape.test(canonical) ? canonical : undefined;
}

/** As `canonicalEmail`; throws VALIDATION_FAILED at `email`. */
export function requireEmail(text: string): string {
  const canonical = canonicalEmail(text);
  if (canonical === undefined) throw invalidField("email", "must be one e-mail address, such as ada@example.com");
  return canonical;
}
