/** What a path pattern means, by examples. */
export interface PathPreview {
  /** Paths it matches. */
  matches: readonly string[];
  /** A path that looks alike and is not matched; null where any path is. */
  misses: string | null;
  /** A path to try, the last of `matches`. */
  example: string;
  /** What `*` stands for in the example; null without one. */
  rest: string | null;
}

const sampleValue = "42";

/** Examples for a good pattern (`pathPattern` of the contract): `/users/*` matches `/users` and `/users/42`, not `/users2`. */
export function previewPath(pattern: string): PathPreview {
  const parts = pattern.split("/").filter(Boolean);
  const hasWildcard = parts.at(-1) === "*";
  const segments = hasWildcard ? parts.slice(0, -1) : parts;
  const endsInParameter = segments.at(-1)?.startsWith("{") ?? false;
  const path = `/${segments.map((segment) => (segment.startsWith("{") ? sampleValue : segment)).join("/")}`;
  if (!hasWildcard) {
    const misses = `${path === "/" ? "" : path}/${endsInParameter ? "more" : sampleValue}`;
    return { matches: [path], misses, example: path, rest: null };
  }
  const rest = `/${endsInParameter ? "more" : sampleValue}`;
  const example = `${path === "/" ? "" : path}${rest}`;
  return { matches: [path, example], misses: missOf(path, segments.length, endsInParameter), example, rest };
}

/** A path a wildcard does not cover: a longer last word, or one segment too few. */
function missOf(path: string, segments: number, endsInParameter: boolean): string | null {
  if (segments === 0) return null;
  return endsInParameter ? path.slice(0, path.lastIndexOf("/")) || "/" : `${path}2`;
}

/** Where a call of the example goes: the upstream's address, with the path that is forwarded. */
export function forwardedAddress(preview: PathPreview, stripPrefix: boolean, upstream: string): string {
  const path = stripPrefix && preview.rest !== null ? preview.rest : preview.example;
  return `${upstream.replace(/\/$/, "")}${path}`;
}
