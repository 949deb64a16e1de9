/** One segment of a pattern: itself, or any one under a name. */
export type PatternSegment = { readonly literal: string } | { readonly parameter: string };

/** A path pattern taken apart: what its segments must be, and whether any rest may follow them. */
export interface PathPattern {
  readonly segments: readonly PatternSegment[];
  readonly hasWildcard: boolean;
}

/**
 * Takes a pattern apart (`lib/routes/contract.ts` says which are good): `/users/*` has the segment `users` and a wildcard, which
 * stands for no rest too; `/` has no segments; one trailing slash means nothing.
 */
export function parsePattern(path: string): PathPattern {
  const parts = path.split("/").filter((part) => part !== "");
  const hasWildcard = parts.at(-1) === "*";
  const segments = (hasWildcard ? parts.slice(0, -1) : parts).map((part) =>
    part.startsWith("{") ? { parameter: part.slice(1, -1) } : { literal: part },
  );
  return { segments, hasWildcard };
}

/** The pattern without what does not change what it matches: names of parameters, a trailing slash. Equal shapes match the same paths. */
export function shapeOf(path: string): string {
  const { segments, hasWildcard } = parsePattern(path);
  const parts = segments.map((segment) => ("literal" in segment ? segment.literal : "{}"));
  return `/${[...parts, ...(hasWildcard ? ["*"] : [])].join("/")}`;
}
