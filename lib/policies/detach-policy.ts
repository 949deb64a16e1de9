import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { replacePolicies } from "#lib/policies/replace-policies";
import { requirePolicy } from "#lib/policies/require-policy";
import { requireRoute } from "#lib/routes/require-route";

/** Takes a policy off a route; the default of its kind applies from then on. A repeat is harmless and leaves no second record. */
export async function detachPolicy(
  ctx: Authorized<"gateways:write">,
  routeId: string,
  policyId: string,
): Promise<void> {
  const route = await requireRoute(ctx, { id: routeId }, "forUpdate");
  await requirePolicy(ctx, policyId);
  const attached = route.policies.map(({ policy }) => policy.id);
  if (!attached.includes(policyId)) return;
  await replacePolicies(
    ctx,
    routeId,
    attached.filter((id) => id !== policyId),
  );
  await recordChange(ctx, {
    action: "policy.detached",
    targetType: "policy",
    targetId: policyId,
    before: { id: policyId, route_id: routeId },
  });
}
