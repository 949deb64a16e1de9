import { invalidField } from "#lib/core/errors";
import { findServicesNamed } from "#lib/partners/repository";
import type { Context } from "#lib/platform/context";
import { findServicesByReference } from "#lib/services/find-services";

interface Chosen {
  service_ids?: readonly (string | number)[] | undefined;
  allowed_services?: readonly string[] | undefined;
}

/**
 * The ids of the services somebody named, by id, small integer or name; undefined when they named none in either way. Refuses an
 * unknown one where it stands, and two lists that do not mean the same.
 */
export async function chooseServices(ctx: Context, written: Chosen): Promise<string[] | undefined> {
  const byId = written.service_ids && (await servicesOfReferences(ctx, written.service_ids));
  const byName = written.allowed_services && (await servicesOfNames(ctx, written.allowed_services));
  if (byId && byName && byId.toSorted().join() !== byName.toSorted().join())
    throw invalidField("allowed_services", "says otherwise than service_ids");
  return byId ?? byName;
}

async function servicesOfReferences({ db, actor }: Context, references: readonly (string | number)[]) {
  const services = await findServicesByReference(db, actor.tenantId, references);
  return known(
    references.map((reference) => services.get(String(reference))),
    "service_ids",
  );
}

async function servicesOfNames({ db, actor }: Context, names: readonly string[]) {
  const services = new Map((await findServicesNamed(db, actor.tenantId, names)).map(({ name, id }) => [name, id]));
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
