import { AppError } from "#lib/core/errors";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { removePolicy } from "#lib/policies/repository";
import { requirePolicy } from "#lib/policies/require-policy";
import { serializePolicy } from "#lib/policies/serialize";

/** Deletes a policy. Refused while a route has it: taking it off could open the route to everybody, so that is said by itself. */
export async function deletePolicy(ctx: Authorized<"gateways:write">, id: string): Promise<void> {
  const before = serializePolicy(await requirePolicy(ctx, id, "forUpdate")); // or it could be attached meanwhile
  const { routes_count: count } = before;
  if (count > 0)
    throw new AppError(
      "CONFLICT",
      `${count === 1 ? "A route has" : `${count} routes have`} this policy. Take it off first.`,
    );
  await removePolicy(ctx.db, id);
  await recordChange(ctx, { action: "policy.deleted", targetType: "policy", targetId: id, before });
}
