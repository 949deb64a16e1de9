import { requireEmail } from "#lib/identity/canonical-email";
import type { Accepted } from "#lib/identity/contract";
import { findSignIn } from "#lib/identity/global-lookups";
import { guardAttempt } from "#lib/identity/limits";
import { mailVerification } from "#lib/identity/mail-verification";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { inSteadyTime } from "#lib/identity/steady-time";
import type { Visitor } from "#lib/identity/visitor";
import { onPlatform } from "#lib/platform/db";

/** Mails a link to set a new password, if somebody has the address. The answer does not tell. */
export async function requestPasswordReset(visitor: Visitor, body: { email: string }): Promise<Accepted> {
  const email = requireEmail(body.email);
  await guardAttempt("mail", visitor.ipAddress, email);
  return inSteadyTime(async () => {
    const user = await findSignIn(email);
    if (user) {
      await onPlatform(async (tx) => {
        await mailVerification(tx, "reset_password", user, visitor.now);
        await recordPersonalAudit(tx, visitor, user.id, "user.password_reset_requested", { type: "user", id: user.id });
      });
    }
    return { status: "accepted" };
  });
}
