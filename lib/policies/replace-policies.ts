import { invalidField } from "#lib/core/errors";
import type { Context } from "#lib/platform/context";
import { policyKinds } from "#lib/policies/contract";
import { type HeldPolicy, holdPolicies, writeRoutePolicies } from "#lib/policies/repository";

const positionOf = ({ kind }: HeldPolicy) => policyKinds.indexOf(kind);

/** Makes these all the policies of a route the caller holds locked: each the tenant's, at most one of a kind. Refused at `policy_ids/n`. */
export async function replacePolicies(ctx: Context, routeId: string, ids: readonly string[]): Promise<void> {
  const { db, actor } = ctx;
  const found = ids.length > 0 ? await holdPolicies(db, actor.tenantId, ids) : [];
  const held = new Map(found.map((policy) => [policy.id, policy]));
  const policies = ids.map((id, at) => {
    const policy = held.get(id);
    if (!policy) throw invalidField(`policy_ids/${at}`, "is not a policy of this tenant");
    return policy;
  });
  for (const [at, { kind }] of policies.entries()) {
    if (policies.findIndex((policy) => policy.kind === kind) !== at)
      throw invalidField(`policy_ids/${at}`, `is a second policy of kind ${kind}; a route takes one of each`);
  }
  const inOrder = policies.sort((a, b) => positionOf(a) - positionOf(b)).map(({ id }) => id);
  await writeRoutePolicies(db, { tenantId: actor.tenantId, routeId }, inOrder);
}
