import { requireEmail } from "#lib/identity/canonical-email";
import type { Accepted } from "#lib/identity/contract";
import { findSignIn } from "#lib/identity/global-lookups";
import { guardAttempt } from "#lib/identity/limits";
import { mailConfirmation } from "#lib/identity/mail-verification";
import { inSteadyTime } from "#lib/identity/steady-time";
import type { Visitor } from "#lib/identity/visitor";
import { onPlatform } from "#lib/platform/db";

/** Mails the confirmation link again, if the address waits for one. The answer does not tell. */
export async function resendVerification(visitor: Visitor, body: { email: string }): Promise<Accepted> {
  const email = requireEmail(body.email);
  await guardAttempt("mail", visitor.ipAddress, email);
  return inSteadyTime(async () => {
    const user = await findSignIn(email);
    if (user && !user.isVerified) await onPlatform((tx) => mailConfirmation(tx, user, visitor.now));
    return { status: "accepted" };
  });
}
