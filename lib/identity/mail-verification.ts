import { passwordResetMail, verificationMail } from "#lib/identity/mail-texts";
import { insertVerification, type VerificationPurpose } from "#lib/identity/repository";
import { newSecretToken } from "#lib/identity/secret-token";
import { queueMail } from "#lib/notifications/queue-mail";
import type { Db } from "#lib/platform/db";

const kinds = {
  verify_email: { lifetimeSeconds: 24 * 3600, mail: verificationMail },
  reset_password: { lifetimeSeconds: 15 * 60, mail: passwordResetMail },
} as const;

/** Mails a person a link that is good once, for a while. */
export async function mailVerification(
  tx: Db,
  purpose: VerificationPurpose,
  user: { id: string; email: string },
  now: Date,
): Promise<void> {
  const { lifetimeSeconds, mail } = kinds[purpose];
  const { token, hash } = newSecretToken("ver");
  await insertVerification(
    tx,
    { userId: user.id, purpose, hash, expiresAt: new Date(now.getTime() + lifetimeSeconds * 1000) },
    now,
  );
  await queueMail(tx, mail(user.email, token), now);
}
