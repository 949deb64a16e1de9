import { guardAttempt } from "#lib/identity/limits";
import { passwordChangedMail } from "#lib/identity/mail-texts";
import { requireNewPassword } from "#lib/identity/password";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import {
  confirmEmail,
  endSessions,
  isVerificationOpen,
  setPassword,
  spendVerification,
} from "#lib/identity/repository";
import { hashSecretToken } from "#lib/identity/secret-token";
import { deadLink } from "#lib/identity/verify-email";
import type { Visitor } from "#lib/identity/visitor";
import { queueMail } from "#lib/notifications/queue-mail";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/**
 * Sets a new password with a mailed token, once, and ends every session of the person. Reading the mail also confirms the address.
 * Throws VALIDATION_FAILED at `token` or `password`.
 */
export async function resetPassword(visitor: Visitor, body: { token: string; password: string }): Promise<undefined> {
  const password = requireNewPassword(body.password, "password");
  await guardAttempt("token", visitor.ipAddress);
  const { now } = visitor;
  const hash = hashSecretToken(body.token);
  const isOpen = await onPlatform((tx) => isVerificationOpen(tx, "reset_password", hash, now));
  if (!isOpen) throw deadLink(); // a made-up token costs us no Argon2
  const passwordHash = await runtime().passwords.hash(password);
  await onPlatform(async (tx) => {
    const userId = await spendVerification(tx, "reset_password", hash, now); // decides: others may have passed the look above too
    if (userId === undefined) throw deadLink();
    const email = await setPassword(tx, userId, passwordHash);
    await confirmEmail(tx, userId, now);
    await endSessions(tx, userId, {}, now);
    await recordPersonalAudit(tx, visitor, userId, "user.password_reset", { type: "user", id: userId });
    await queueMail(tx, passwordChangedMail(email), now);
  });
}
