import { parsePattern } from "#lib/routes/path-pattern";
import { compareRoutes, type OrderedRoute } from "#lib/routes/route-order";

/** What the matcher needs of a route. */
export interface Matchable extends OrderedRoute {
  /** Empty: any method. */
  readonly methods: readonly string[];
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface RouteMatch<Route> {
  readonly route: Route;
  /** Where in the path that begins which the pattern's `*` stands for; the path's length where it stands for nothing. */
  readonly restAt: number;
}

/** The path has routes, `allow` are their methods, and none of them is this one. */
export interface MethodMissing<Route> {
  readonly allow: readonly string[];
  /** The first of them that would be tried: whose refusal it is. */
  readonly nearest: Route;
}

export type MatchResult<Route> = RouteMatch<Route> | MethodMissing<Route> | undefined;

interface Ranked<Route> {
  /** Its place in the order routes are tried. */
  readonly rank: number;
  readonly group: number;
  readonly route: Route;
}

interface Node<Route> {
  literals: Map<string, Node<Route>> | undefined;
  parameter: Node<Route> | undefined;
  /** Routes whose pattern ends here. */
  ends: Ranked<Route>[];
  /** Routes whose `*` stands here. */
  rests: Ranked<Route>[];
}

const newNode = <Route>(): Node<Route> => ({ literals: undefined, parameter: undefined, ends: [], rests: [] });

/** A request as routes are chosen by it. */
export interface Wanted {
  readonly method: string;
  /** As `readTarget` gives it: no empty segments but a last one. */
  readonly path: string;
  /** The value of a header by its lower-case name. Absent: routes that ask for headers are taken as if they were there. */
  readonly header?: ((lowerName: string) => string | undefined) | undefined;
}

/**
 * Finds the route that takes a request: of the first group that has the path, the first in the order of `compareRoutes`. A group that
 * has the path but not for this method keeps it from the groups behind. Built once, when routes change; how many there are costs a
 * request nothing.
 */
export class RouteTable<Route extends Matchable> {
  readonly #root = newNode<Route>();

  constructor(groups: readonly (readonly Route[])[]) {
    let rank = 0;
    for (const [group, routes] of groups.entries())
      for (const route of routes.toSorted(compareRoutes)) this.#add({ rank: rank++, group, route });
  }

  find(wanted: Wanted): MatchResult<Route> {
    const search = new Search<Route>(wanted);
    search.walk(this.#root, 1);
    return search.result();
  }

  #add(entry: Ranked<Route>): void {
    const { segments, hasWildcard } = parsePattern(entry.route.path);
    let node = this.#root;
    for (const segment of segments) node = "literal" in segment ? literalOf(node, segment.literal) : parameterOf(node);
    (hasWildcard ? node.rests : node.ends).push(entry);
  }
}

function literalOf<Route>(node: Node<Route>, literal: string): Node<Route> {
  node.literals ??= new Map();
  const known = node.literals.get(literal);
  if (known) return known;
  const made = newNode<Route>();
  node.literals.set(literal, made);
  return made;
}

function parameterOf<Route>(node: Node<Route>): Node<Route> {
  node.parameter ??= newNode();
  return node.parameter;
}

/** One walk through the table: every branch that fits is looked at, and the best rank wins. */
class Search<Route extends Matchable> {
  readonly #wanted: Wanted;
  #best: Ranked<Route> | undefined;
  #restAt = 0;
  /** What would have taken it but for the method. */
  #missed: Ranked<Route>[] | undefined;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** `at`: where the next segment of the path begins. */
  walk(node: Node<Route>, at: number): void {
    const { path } = this.#wanted;
    this.#considerAll(node.rests, at);
    if (at >= path.length) {
      this.#considerAll(node.ends, path.length);
      return;
    }
    const slash = path.indexOf("/", at);
    const end = slash === -1 ? path.length : slash;
    const literal = node.literals?.get(path.slice(at, end));
    if (literal) this.walk(literal, end + 1);
    if (node.parameter) this.walk(node.parameter, end + 1);
  }

  result(): MatchResult<Route> {
    const best = this.#best;
    const nearest = this.#missed?.reduce((first, entry) => (entry.rank < first.rank ? entry : first));
    if (best && !(nearest && nearest.group < best.group)) return { route: best.route, restAt: this.#restAt };
    if (!nearest) return undefined;
    const ofGroup = this.#missed?.filter(({ group }) => group === nearest.group) ?? [];
    const allow = new Set(ofGroup.flatMap(({ route }) => route.methods));
    return { allow: [...allow].sort(), nearest: nearest.route };
  }

  /** They are in the order of their rank: behind the best there is none better. */
  #considerAll(entries: readonly Ranked<Route>[], restAt: number): void {
    for (const entry of entries) {
      if (this.#best && this.#best.rank < entry.rank) return;
      this.#consider(entry, restAt);
    }
  }

  #consider(entry: Ranked<Route>, restAt: number): void {
    if (!this.#hasHeaders(entry.route)) return;
    if (!takesMethod(entry.route.methods, this.#wanted.method)) {
      this.#missed ??= [];
      this.#missed.push(entry);
      return;
    }
    this.#best = entry;
    this.#restAt = Math.min(restAt, this.#wanted.path.length);
  }

  #hasHeaders({ headers }: Route): boolean {
    const { header } = this.#wanted;
    return headers.length === 0 || !header || headers.every(({ name, value }) => header(name.toLowerCase()) === value);
  }
}

/** HEAD is served where GET is (RFC 9110 9.3.2). */
function takesMethod(methods: readonly string[], method: string): boolean {
  return methods.length === 0 || methods.includes(method) || (method === "HEAD" && methods.includes("GET"));
}
