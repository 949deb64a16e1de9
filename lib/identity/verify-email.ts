import { invalidField } from "#lib/core/errors";
import { guardAttempt } from "#lib/identity/limits";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { confirmEmail, spendVerification } from "#lib/identity/repository";
import { hashSecretToken } from "#lib/identity/secret-token";
import type { Visitor } from "#lib/identity/visitor";
import { onPlatform } from "#lib/platform/db";

/** Confirms an e-mail address with the token mailed to it. Throws VALIDATION_FAILED at `token` when it is unknown, used or too old. */
export async function verifyEmail(visitor: Visitor, body: { token: string }): Promise<undefined> {
  await guardAttempt("token", visitor.ipAddress);
  await onPlatform(async (tx) => {
    const userId = await spendVerification(tx, "verify_email", hashSecretToken(body.token), visitor.now);
    if (userId === undefined) throw deadLink();
    if (!(await confirmEmail(tx, userId, visitor.now))) throw deadLink();
    await recordPersonalAudit(tx, visitor, userId, "user.verified", { type: "user", id: userId });
  });
}

export function deadLink() {
  return invalidField(
    "token",
    "is not valid: the link was used before, is too old, or is incomplete. Ask for a new one.",
  );
}
