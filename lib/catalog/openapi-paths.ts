import { parsePattern } from "#lib/routes/path-pattern";

/** One path of an OpenAPI document (without the wildcards that OpenAPI does not know). */
export interface OpenApiPath {
  path: string;
  /** Paths of equal shape match the same: a document may have one of them. */
  shape: string;
  parameters: readonly { name: string; description: string }[];
}

const one = "One segment of the path.";
const rest = "The rest of the path; it may hold further slashes.";

/** The paths that say in OpenAPI what a pattern matches: `/x/*` is `/x` and `/x/{path}`. */
export function openApiPaths(pattern: string): OpenApiPath[] {
  const { segments, hasWildcard } = parsePattern(pattern);
  const names = segments.flatMap((segment) => ("parameter" in segment ? [segment.parameter] : []));
  const parts = segments.map((segment) => ("literal" in segment ? segment.literal : `{${segment.parameter}}`));
  const parameters = names.map((name) => ({ name, description: one }));
  const exact = pathOf(parts, parameters);
  if (!hasWildcard) return [exact];
  let name = "path";
  while (names.includes(name)) name = `rest_of_${name}`;
  return [exact, pathOf([...parts, `{${name}}`], [...parameters, { name, description: rest }])];
}

function pathOf(parts: readonly string[], parameters: OpenApiPath["parameters"]): OpenApiPath {
  const path = `/${parts.join("/")}`;
  return { path, shape: path.replaceAll(/\{\w+\}/g, "{}"), parameters };
}
