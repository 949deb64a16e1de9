import type { PublishedRoute } from "#lib/catalog/repository";
import { compareRoutes } from "#lib/routes/route-order";

/** Routes in the order in which their gateway tries them. */
export function inOrder(routes: readonly PublishedRoute[]): PublishedRoute[] {
  const ordered = (route: PublishedRoute) => ({ ...route, headers: route.matchHeaders as unknown[] });
  return routes.toSorted((a, b) => compareRoutes(ordered(a), ordered(b)));
}
