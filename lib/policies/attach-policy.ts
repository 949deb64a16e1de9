import { notFound } from "#lib/core/errors";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { replacePolicies } from "#lib/policies/replace-policies";
import { holdPolicies } from "#lib/policies/repository";
import { requireRoute } from "#lib/routes/require-route";

/** Applies a policy to a route, in place of the one of its kind. A repeat is harmless and leaves no second record. */
export async function attachPolicy(
  ctx: Authorized<"gateways:write">,
  routeId: string,
  policyId: string,
): Promise<void> {
  const route = await requireRoute(ctx, { id: routeId }, "forUpdate");
  const [policy] = await holdPolicies(ctx.db, ctx.actor.tenantId, [policyId]); // or it could be deleted meanwhile
  if (!policy) throw notFound("policy");
  const attached = route.policies.map((one) => one.policy);
  if (attached.some(({ id }) => id === policyId)) return;
  const replaced = attached.find(({ kind }) => kind === policy.kind);
  const others = attached.filter(({ kind }) => kind !== policy.kind).map(({ id }) => id);
  await replacePolicies(ctx, routeId, [...others, policyId]);
  await recordChange(ctx, {
    action: "policy.attached",
    targetType: "policy",
    targetId: policyId,
    after: { id: policyId, route_id: routeId, replaced_policy_id: replaced?.id ?? null },
  });
}
