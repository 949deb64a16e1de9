import { recordAudit } from "#lib/audit/record-audit";
import { invalidField } from "#lib/core/errors";
import { personIdOf } from "#lib/identity/end-own-sessions";
import { guardReauthentication } from "#lib/identity/limits";
import { passwordChangedMail } from "#lib/identity/mail-texts";
import { normalizePassword, requireNewPassword } from "#lib/identity/password";
import { endSessions, findPasswordHash, setPassword } from "#lib/identity/repository";
import { queueMail } from "#lib/notifications/queue-mail";
import type { Authorized } from "#lib/platform/context";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/** Sets another password after asking for the current one, and ends the person's other sessions. Throws VALIDATION_FAILED at the field. */
export async function changePassword(
  ctx: Authorized<"self:write">,
  body: { current_password: string; new_password: string },
): Promise<undefined> {
  const userId = personIdOf(ctx.actor);
  const password = requireNewPassword(body.new_password, "new_password");
  await guardReauthentication(userId);
  const { passwords } = runtime();
  const currentHash = await onPlatform((tx) => findPasswordHash(tx, userId));
  const isRight = await passwords.verify(currentHash, normalizePassword(body.current_password) ?? "");
  if (!isRight) throw invalidField("current_password", "is wrong");
  const passwordHash = await passwords.hash(password);
  await onPlatform(async (tx) => {
    const email = await setPassword(tx, userId, passwordHash);
    await endSessions(tx, userId, { except: ctx.actor.sessionId }, ctx.now);
    await recordAudit(tx, ctx, {
      action: "user.password_changed",
      targetType: "user",
      targetId: userId,
      accountId: ctx.actor.accountId,
    });
    await queueMail(tx, passwordChangedMail(email), ctx.now);
  });
}
