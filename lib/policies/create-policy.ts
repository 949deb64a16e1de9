import { newId } from "#lib/core/ids";
import { recordChange } from "#lib/gateways/record-change";
import type { Authorized } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import { checkConfiguration } from "#lib/policies/check-configuration";
import type { CreatePolicyBody, Policy } from "#lib/policies/contract";
import { insertPolicy } from "#lib/policies/repository";
import { serializePolicy } from "#lib/policies/serialize";

/** Adds a rule that routes of the tenant can share. */
export async function createPolicy(ctx: Authorized<"gateways:write">, body: CreatePolicyBody): Promise<Policy> {
  const { actor, db, now } = ctx;
  const { name, kind } = body;
  const row = insertPolicy(db, {
    id: newId("pol"),
    tenantId: actor.tenantId,
    name,
    kind,
    configuration: checkConfiguration(kind, body.configuration),
    createdAt: now,
    updatedAt: now,
  });
  const policy = serializePolicy(await conflictIfTaken(row, policyNameTaken(name)));
  await recordChange(ctx, { action: "policy.created", targetType: "policy", targetId: policy.id, after: policy });
  return policy;
}

export const policyNameTaken = (name: string): string => `A policy named "${name}" exists already.`;
