import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import { checkConfiguration } from "#lib/policies/check-configuration";
import type { Policy, UpdatePolicyBody } from "#lib/policies/contract";
import { policyNameTaken } from "#lib/policies/create-policy";
import { changePolicy } from "#lib/policies/repository";
import { requirePolicy } from "#lib/policies/require-policy";
import { serializePolicy } from "#lib/policies/serialize";

/** Changes a policy for all its routes. Its kind stays; a configuration replaces the stored one as a whole. */
export async function updatePolicy(
  ctx: Authorized<"gateways:write">,
  id: string,
  body: UpdatePolicyBody,
): Promise<Policy> {
  const row = await requirePolicy(ctx, id, "forUpdate");
  const before = serializePolicy(row);
  const written = {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.configuration !== undefined && { configuration: checkConfiguration(before.kind, body.configuration) }),
  };
  if (Object.keys(written).length === 0) return before;
  const changed = changePolicy(ctx.db, id, { ...written, updatedAt: ctx.now });
  const after = serializePolicy(await conflictIfTaken(changed, policyNameTaken(body.name ?? row.name)));
  await recordChange(ctx, { action: "policy.updated", targetType: "policy", targetId: id, before, after });
  return after;
}
