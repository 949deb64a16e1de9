import { recordAudit } from "#lib/audit/record-audit";
import { newId } from "#lib/core/ids";
import { requireEmail } from "#lib/identity/canonical-email";
import { insertUser, insertVerification } from "#lib/identity/repository";
import { newSecretToken } from "#lib/identity/secret-token";
import { notifyChange } from "#lib/platform/changes";
import type { Db } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

const linkSeconds = 24 * 3600;

/**
 * Makes somebody super admin, with a link that lets them choose a password within a day (and confirms the address): for whoever
 * sets an installation up and can reach its database. Throws VALIDATION_FAILED at `email`.
 */
export async function appointSuperAdmin(
  tx: Db,
  tenantId: string,
  given: { email: string; name: string },
  now: Date,
): Promise<{ userId: string; link: string }> {
  const email = requireEmail(given.email);
  const made = await insertUser(tx, { email, name: given.name, passwordHash: null }, now);
  const userId = made ?? (await tx.user.findUniqueOrThrow({ where: { email } })).id;
  const membership = { tenantId, userId, accountId: null, role: "super_admin" };
  const [added] = await tx.membership.createManyAndReturn({
    data: { id: newId("mem"), ...membership },
    skipDuplicates: true,
  });
  const { token, hash } = newSecretToken("ver");
  const expiresAt = new Date(now.getTime() + linkSeconds * 1000);
  await insertVerification(tx, { userId, purpose: "reset_password", hash, expiresAt }, now);
  if (added) {
    const origin = {
      now,
      requestId: "command",
      ipAddress: "127.0.0.1",
      actor: { kind: "system", id: "system", tenantId },
    };
    const deed = {
      action: "membership.created",
      targetType: "user",
      targetId: userId,
      accountId: null,
      after: { role: "super_admin" },
    };
    await recordAudit(tx, origin, deed);
    await notifyChange(tx, { kind: "user", id: userId });
  }
  return { userId, link: `${runtime().env.PUBLIC_URL}/reset-password?token=${token}` };
}
