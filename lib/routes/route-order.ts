import { type PathPattern, parsePattern } from "#lib/routes/path-pattern";

/** What decides when a route is tried. */
export interface OrderedRoute {
  readonly priority: number;
  readonly path: string;
  /** What a request must carry to match; only how many there are counts. */
  readonly headers: { readonly length: number };
  readonly id: string;
}

/**
 * The order in which a gateway tries its routes, and in which they are listed: higher priority, then the more specific path
 * (segment by segment: a literal before a `{parameter}` before the path's end before `*`), then more required headers. Whatever
 * matches less is tried before what matches more. The path's text and the id make it a total order: the same in every process.
 */
export function compareRoutes(a: OrderedRoute, b: OrderedRoute): number {
  return (
    b.priority - a.priority ||
    comparePatterns(parsePattern(a.path), parsePattern(b.path)) ||
    b.headers.length - a.headers.length ||
    compareTexts(a.path, b.path) ||
    compareTexts(a.id, b.id)
  );
}

function comparePatterns(a: PathPattern, b: PathPattern): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let at = 0; at <= length; at++) {
    const difference = rankAt(a, at) - rankAt(b, at);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How little a pattern asks of a path at a segment. */
function rankAt({ segments, hasWildcard }: PathPattern, at: number): number {
  const segment = segments[at];
  if (segment) return "literal" in segment ? 0 : 1;
  return hasWildcard ? 3 : 2;
}

/** By code units, never by locale: processes may have different ones. */
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
