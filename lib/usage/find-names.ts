import type { Db } from "#lib/platform/db";

export type NamedKind = "route" | "api_key" | "account" | "service" | "gateway";

/** What things are called, by their id: a route by its path. */
export type Names = Partial<Record<NamedKind, ReadonlyMap<string, string>>>;

/** The names of what the caller may see of some ids; deleted keys have theirs still. "" is no id. */
export async function findNames(db: Db, ids: Partial<Record<NamedKind, readonly string[]>>): Promise<Names> {
  const names: Names = {};
  for (const kind of Object.keys(ids) as NamedKind[]) {
    const wanted = [...new Set(ids[kind])].filter(Boolean);
    if (wanted.length > 0) names[kind] = new Map((await findNamed[kind](db, wanted)).map(({ id, name }) => [id, name]));
  }
  return names;
}

type FindNamed = (db: Db, ids: string[]) => Promise<{ id: string; name: string }[]>;

const select = { id: true, name: true } as const;

const findNamed: Record<NamedKind, FindNamed> = {
  api_key: (db, ids) => db.apiKey.findMany({ where: { id: { in: ids } }, select }),
  account: (db, ids) => db.account.findMany({ where: { id: { in: ids } }, select }),
  gateway: (db, ids) => db.gateway.findMany({ where: { id: { in: ids } }, select }),
  service: async (db, ids) => {
    const services = await db.service.findMany({ where: { id: { in: ids } }, select: { id: true, displayName: true } });
    return services.map(({ id, displayName }) => ({ id, name: displayName }));
  },
  route: async (db, ids) => {
    const routes = await db.route.findMany({ where: { id: { in: ids } }, select: { id: true, path: true } });
    return routes.map(({ id, path }) => ({ id, name: path }));
  },
};
