import { AppError } from "#lib/core/errors";
import { canonicalEmail } from "#lib/identity/canonical-email";
import { findSignIn, type SignInRow } from "#lib/identity/global-lookups";
import { forgiveAttempts, guardAttempt } from "#lib/identity/limits";
import { normalizePassword } from "#lib/identity/password";
import { runtime } from "#lib/platform/runtime";

/**
 * Who has this e-mail address and password. Throws TOKEN_INVALID, in the same words and time whether the address or the password is
 * wrong; only to whoever knows the password PERMISSION_DENIED (address not confirmed) or ACCOUNT_SUSPENDED; RATE_LIMIT_EXCEEDED.
 */
export async function checkCredentials(
  ipAddress: string,
  given: { email: string; password: string },
): Promise<SignInRow> {
  const email = canonicalEmail(given.email);
  await guardAttempt("signIn", ipAddress, email ?? "");
  const row = email === undefined ? undefined : await findSignIn(email);
  const password = normalizePassword(given.password);
  const hash = password === undefined ? null : (row?.passwordHash ?? null);
  const isRight = await runtime().passwords.verify(hash, password ?? "");
  if (!row || !isRight) throw new AppError("TOKEN_INVALID", "The e-mail address or the password is wrong.");
  await forgiveAttempts(ipAddress, row.email);
  if (!row.isVerified)
    throw new AppError(
      "PERMISSION_DENIED",
      "Confirm your e-mail address first: open the link in the mail we sent you.",
    );
  if (row.status === "suspended") throw new AppError("ACCOUNT_SUSPENDED", "This sign-in is suspended.");
  return row;
}
