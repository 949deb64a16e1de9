/** A structured-field string (RFC 9651, 3.3.3): printable ASCII, quotes and backslashes escaped. */
export function structuredString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, "_").replace(/["\\]/g, "\\$&")}"`;
}
