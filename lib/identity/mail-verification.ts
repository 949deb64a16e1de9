import { finishSignUpMail, passwordResetMail, verificationMail } from "#lib/identity/mail-texts";
import { insertVerification } from "#lib/identity/repository";
import { newSecretToken } from "#lib/identity/secret-token";
import { queueMail } from "#lib/notifications/queue-mail";
import type { Db } from "#lib/platform/db";

const kinds = {
  verify_email: { purpose: "verify_email", lifetimeSeconds: 24 * 3600, mail: verificationMail },
  reset_password: { purpose: "reset_password", lifetimeSeconds: 15 * 60, mail: passwordResetMail },
  // Longer than a reset: nobody has this account yet, so there is nothing in it to take.
  finish_sign_up: { purpose: "reset_password", lifetimeSeconds: 24 * 3600, mail: finishSignUpMail },
} as const;

/** Mails a person a link that is good once, for a while. */
export async function mailVerification(
  tx: Db,
  kind: keyof typeof kinds,
  user: { id: string; email: string },
  now: Date,
): Promise<void> {
  const { purpose, lifetimeSeconds, mail } = kinds[kind];
  const { token, hash } = newSecretToken("ver");
  await insertVerification(
    tx,
    { userId: user.id, purpose, hash, expiresAt: new Date(now.getTime() + lifetimeSeconds * 1000) },
    now,
  );
  await queueMail(tx, mail(user.email, token), now);
}

/** Mails somebody who waits to confirm the address what they need for it. */
export async function mailConfirmation(
  tx: Db,
  user: { id: string; email: string; passwordHash: string | null },
  now: Date,
): Promise<void> {
  await mailVerification(tx, user.passwordHash === null ? "finish_sign_up" : "verify_email", user, now);
}
