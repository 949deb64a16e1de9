import { reservedPrefix } from "#lib/gateways/reserved-paths";
import { parsePattern } from "#lib/routes/path-pattern";

/**
 * The portal's prefix under which all lies that a pattern could ever match, or undefined. `/*` and `/{page}` match other paths
 * too, so they are good: the gateway leaves the portal's own to the portal.
 */
export function reservedPrefixOf(pattern: string): string | undefined {
  const { segments, hasWildcard } = parsePattern(pattern);
  const literals: string[] = [];
  for (const segment of segments) {
    if (!("literal" in segment)) break;
    literals.push(segment.literal);
  }
  const matchesMore = literals.length < segments.length || hasWildcard;
  if (literals.length === 0 && matchesMore) return undefined;
  return reservedPrefix(`/${literals.join("/")}`);
}
