import type { Policy, PolicyKind } from "#lib/policies/contract";
import type { CreateRouteBody, Route } from "#lib/routes/contract";
import { numberOf } from "@/components/portal/use-body-form";

/** What the form about a route holds. */
export interface RouteValues {
  path: string;
  name: string;
  service_id: string;
  methods: Route["methods"];
  /** `Name: value`, one a line. */
  headers: string;
  priority: string;
  strip_prefix: boolean;
  /** The chosen policy's id by kind; empty: none. */
  policy_ids: Record<PolicyKind, string>;
}

export const routeLabels = {
  path: "Path",
  name: "Name",
  service_id: "Service",
  methods: "Methods",
  headers: "Required headers",
  priority: "Priority",
  strip_prefix: "Strip the prefix",
  policy_ids: "Policies",
};

export function routeValues(route?: Route): RouteValues {
  const policyOf = (kind: PolicyKind) => route?.policies.find((policy) => policy.kind === kind)?.id ?? "";
  return {
    path: route?.path ?? "",
    name: route && route.name !== route.path ? route.name : "",
    service_id: route?.service_id ?? "",
    methods: route?.methods ?? [],
    headers: route?.headers.map(({ name, value }) => `${name}: ${value}`).join("\n") ?? "",
    priority: String(route?.priority ?? 0),
    strip_prefix: route?.strip_prefix ?? false,
    policy_ids: {
      authentication: policyOf("authentication"),
      rate_limit: policyOf("rate_limit"),
      cors: policyOf("cors"),
    },
  };
}

/** A body for making and for changing alike: all of the route. A route without a name is called by its path. */
export function routeBodyOf(values: RouteValues): CreateRouteBody {
  const path = values.path.trim();
  return {
    name: values.name.trim() || path.slice(0, nameMax),
    path,
    service_id: values.service_id,
    methods: values.methods,
    headers: headersOf(values.headers),
    priority: numberOf(values.priority) ?? 0,
    strip_prefix: values.strip_prefix && hasWildcard(path),
    policy_ids: Object.values(values.policy_ids).filter(Boolean),
  };
}

const nameMax = 100;

/** Only `*` makes a prefix there could be something after. */
export const hasWildcard = (path: string): boolean => path.trim().endsWith("/*");

const headersOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const colon = line.indexOf(":");
      return colon < 0
        ? { name: line, value: "" }
        : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
    });

/** The policies one may choose among, of a kind. */
export const policiesOfKind = (policies: readonly Policy[] | undefined, kind: PolicyKind): Policy[] =>
  policies?.filter((policy) => policy.kind === kind) ?? [];
