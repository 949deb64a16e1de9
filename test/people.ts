import type { Change } from "#lib/platform/changes";
import { runtime } from "#lib/platform/runtime";
import { tokenOf } from "#test/operator";
import type { World } from "#test/world";

export interface People {
  superAdmin: string;
  operator: string;
  reseller: string;
  owner: string;
  developer: string;
  /** The operator of the second tenant. */
  foreign: string;
}

/** One signed-in person for each role of the first tenant, and an operator of the second. */
export async function signInPeople({ one, two }: World): Promise<People> {
  return {
    superAdmin: await tokenOf(one.tenantId, "super_admin"),
    operator: await tokenOf(one.tenantId, "tenant_admin"),
    reseller: await tokenOf(one.tenantId, "owner", one.reseller),
    owner: await tokenOf(one.tenantId, "owner", one.customer),
    developer: await tokenOf(one.tenantId, "developer", one.customer),
    foreign: await tokenOf(two.tenantId, "tenant_admin"),
  };
}

/** The ids the gateways are told to load again while something is done. */
export async function gatewayChangesDuring(work: () => Promise<unknown>): Promise<string[]> {
  const heard: Change[] = [];
  runtime().changes.subscribe((change) => heard.push(change));
  await everythingHeard(heard, "begin");
  await work();
  await everythingHeard(heard, "end");
  const since = heard.slice(heard.findIndex(({ kind }) => kind === "begin"));
  return since.filter(({ kind }) => kind === "gateway").map(({ id }) => id);
}

/** Notifications arrive in the order of their commits. */
async function everythingHeard(heard: readonly Change[], mark: string): Promise<void> {
  await runtime().postgres.platform.query("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: mark, id: "" })]);
  while (!heard.some(({ kind }) => kind === mark)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What was written down about a thing: the actions of its audit entries and the types of its events, each in order. */
export async function recordsOf(targetId: string): Promise<{ audit: string[]; events: string[] }> {
  const { platform } = runtime().postgres;
  const audit = await platform.query("SELECT action FROM audit_entries WHERE target_id = $1 ORDER BY sequence", [
    targetId,
  ]);
  const events = await platform.query("SELECT type FROM domain_events WHERE data->>'id' = $1 ORDER BY sequence", [
    targetId,
  ]);
  return { audit: audit.rows.map(({ action }) => action), events: events.rows.map(({ type }) => type) };
}

/** An error body without what differs from request to request. */
export function sameBytes({ timestamp, request_id, instance, path, ...rest }: Record<string, unknown>): string {
  return JSON.stringify(rest);
}
