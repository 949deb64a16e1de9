import type { Db } from "#lib/platform/db";
import type { GroupValues, SummedGrouping } from "#lib/usage/analytics-repository";
import type { AnalyticsGroup, Grouping } from "#lib/usage/contract";
import { findNames, type NamedKind, type Names } from "#lib/usage/find-names";
import { badField } from "#lib/usage/time-range";

type Description = Pick<AnalyticsGroup, "label"> & Partial<AnalyticsGroup>;

const notSummed: readonly Grouping[] = ["user", "version", "country"];

/** Throws VALIDATION_FAILED at `group_by` for what each request is known by, but sums are not kept by. */
export function requireSummed(groupBy: readonly Grouping[]): readonly SummedGrouping[] {
  const missing = groupBy.filter((name) => notSummed.includes(name));
  if (missing.length === 0) return groupBy as readonly SummedGrouping[];
  throw badField("group_by", `${missing.join(" and ")}: not summed yet; each request's own is in /usage-logs`);
}

/** What groups are called, and their values under the names of the answer. */
export async function describeGroups(
  db: Db,
  by: readonly SummedGrouping[],
  groups: readonly GroupValues[],
): Promise<Description[]> {
  const ids = (kind: NamedGrouping) => groups.map((values) => values[by.indexOf(kind)] ?? "");
  const named = namedGroupings.filter((kind) => by.includes(kind));
  const names = await findNames(db, Object.fromEntries(named.map((kind) => [kind, ids(kind)])));
  return groups.map((values) => {
    const parts = by.map((name, at) => wordsOf(name, values[at] ?? "", names));
    return Object.assign({}, ...parts, { label: parts.map(({ label }) => label).join(" · ") }) as Description;
  });
}

type NamedGrouping = NamedKind & SummedGrouping;

const namedGroupings: readonly NamedGrouping[] = ["route", "api_key", "account", "service"];

function wordsOf(by: SummedGrouping, value: string, names: Names): Description {
  switch (by) {
    case "endpoint":
    case "method":
      return { label: value, [by]: value };
    case "status_code":
      return { label: value, status_code: Number(value) };
    case "error_code":
      return { label: value || "No error", error_code: value || null };
    default:
      return describeNamed(by, value, names[by]?.get(value) ?? null);
  }
}

const nameless = { route: "No route", api_key: "No key", account: "No account", service: "No service" };

/** Something that is gone, or not the caller's to see, still has its id. */
function describeNamed(by: NamedGrouping, id: string, name: string | null): Description {
  const label = name ?? (id || nameless[by]);
  return by === "route"
    ? { label, route_id: id || null, route_path: name }
    : { label, [`${by}_id`]: id || null, [`${by}_name`]: name };
}
