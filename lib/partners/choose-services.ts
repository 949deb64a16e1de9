import { invalidField } from "#lib/core/errors";
import type { Context } from "#lib/platform/context";
import { holdServices } from "#lib/services/hold-service";

interface Chosen {
  service_ids?: readonly (string | number)[] | undefined;
  allowed_services?: readonly string[] | undefined;
}

/**
 * The ids of the services somebody named, by id, small integer or name; undefined when they named none in either way. Refuses an
 * unknown one where it stands, and two lists that do not mean the same. Nobody deletes them until the transaction ends.
 */
export async function chooseServices(ctx: Context, written: Chosen): Promise<string[] | undefined> {
  const byId = written.service_ids && (await servicesOfReferences(ctx, written.service_ids));
  const byName = written.allowed_services && (await servicesOfNames(ctx, written.allowed_services));
  if (byId && byName && byId.toSorted().join() !== byName.toSorted().join())
    throw invalidField("allowed_services", "says otherwise than service_ids");
  return byId ?? byName;
}

async function servicesOfReferences(ctx: Context, references: readonly (string | number)[]) {
  const held = await holdServices(ctx, { references });
  const services = new Map(held.flatMap(({ id, number }) => [[id, id] as const, [String(number), id] as const]));
  return known(
    references.map((reference) => services.get(String(reference))),
    "service_ids",
  );
}

async function servicesOfNames(ctx: Context, names: readonly string[]) {
  const services = new Map((await holdServices(ctx, { names })).map(({ name, id }) => [name, id]));
  return known(
    names.map((name) => services.get(name)),
    "allowed_services",
  );
}

/** Without repeats. */
function known(ids: readonly (string | undefined)[], field: string): string[] {
  const unknown = ids.indexOf(undefined);
  if (unknown !== -1) throw invalidField(`${field}/${unknown}`, "is not a service of this tenant");
  return [...new Set(ids)] as string[];
}
