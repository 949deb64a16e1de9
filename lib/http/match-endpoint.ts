import type { Endpoint } from "#lib/core/endpoint";

interface PathPattern {
  segments: readonly string[];
  byMethod: Map<string, Endpoint>;
}

/** What serves a path: the endpoint for the method, if any, and the methods that would do. */
export interface EndpointMatch {
  endpoint: Endpoint | undefined;
  allow: readonly string[];
}

/** Makes a function from method and path to the declared endpoint. HEAD is answered where GET is; a literal segment beats a parameter. */
export function endpointMatcher(
  endpoints: readonly Endpoint[],
): (method: string, path: string) => EndpointMatch | undefined {
  const patterns = new Map<string, PathPattern>();
  for (const endpoint of endpoints) {
    const pattern = patterns.get(endpoint.path) ?? { segments: endpoint.path.split("/"), byMethod: new Map() };
    patterns.set(endpoint.path, pattern);
    pattern.byMethod.set(endpoint.method, endpoint);
    if (endpoint.method === "GET") pattern.byMethod.set("HEAD", endpoint);
  }
  const literalFirst = [...patterns.values()].sort((a, b) => parameters(a) - parameters(b));
  return (method, path) => {
    const segments = path.split("/");
    const pattern = literalFirst.find((candidate) => fits(candidate.segments, segments));
    return pattern && { endpoint: pattern.byMethod.get(method), allow: [...pattern.byMethod.keys()] };
  };
}

const isParameter = (segment: string) => segment.startsWith("{");
const parameters = (pattern: PathPattern) => pattern.segments.filter(isParameter).length;

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => (isParameter(part) ? segments[at] !== "" : part === segments[at]))
  );
}
