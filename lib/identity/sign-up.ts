import { AppError } from "#lib/core/errors";
import { requireEmail } from "#lib/identity/canonical-email";
import type { Accepted, SignUpBody } from "#lib/identity/contract";
import { defaultTenant, findSignIn } from "#lib/identity/global-lookups";
import { guardAttempt } from "#lib/identity/limits";
import { alreadySignedUpMail } from "#lib/identity/mail-texts";
import { mailConfirmation, mailVerification } from "#lib/identity/mail-verification";
import { requireNewPassword } from "#lib/identity/password";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { contestUnconfirmedUser, insertOwnAccount, insertUser, type NewUser } from "#lib/identity/repository";
import { inSteadyTime } from "#lib/identity/steady-time";
import type { Visitor } from "#lib/identity/visitor";
import { queueMail } from "#lib/notifications/queue-mail";
import { type Db, onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/**
 * Makes a person, their customer account and its ownership in the tenant of the host, and mails a link to confirm the address. An
 * address that has an account, or waits to be confirmed, gets another mail; the answer and the time it takes are the same.
 */
export async function signUp(visitor: Visitor, body: SignUpBody): Promise<Accepted> {
  const email = requireEmail(body.email);
  const password = requireNewPassword(body.password, "password");
  await guardAttempt("mail", visitor.ipAddress, email);
  const tenantId = await requireTenantOf(visitor.host);
  return inSteadyTime(async () => {
    const user = { email, name: body.name, passwordHash: await runtime().passwords.hash(password) };
    const account = { tenantId, accountName: body.account_name ?? body.name };
    const isNew = await onPlatform((tx) => admit(tx, visitor, user, account));
    // Either way one more turn of Argon2, or a queue for it would tell whether the address is taken.
    await (isNew ? runtime().passwords.verify(null, password) : signUpAgain(visitor, email, password));
    return { status: "accepted" };
  });
}

/** False when the address is taken. */
async function admit(
  tx: Db,
  visitor: Visitor,
  user: NewUser,
  account: { tenantId: string; accountName: string },
): Promise<boolean> {
  const { email } = user;
  const id = await insertUser(tx, user, visitor.now);
  if (id === undefined) return false;
  await insertOwnAccount(tx, { userId: id, ...account }, visitor.now);
  await recordPersonalAudit(tx, visitor, id, "user.signed_up", { type: "user", id });
  await mailVerification(tx, "verify_email", { id, email }, visitor.now);
  return true;
}

/**
 * Of several who sign up with one address only one reads its mail, and cannot tell whose link is in it: confirming would give the
 * account to whoever chose the password. So with another password than the first nobody's counts, and the mail lets its reader choose one.
 */
async function signUpAgain(visitor: Visitor, email: string, password: string): Promise<void> {
  const hash = (await findSignIn(email))?.passwordHash ?? null;
  const isSame = await runtime().passwords.verify(hash, password);
  await onPlatform(async (tx) => {
    const waiting = await contestUnconfirmedUser(tx, email, isSame ? hash : null, visitor.now);
    if (waiting) await mailConfirmation(tx, waiting, visitor.now);
    else await queueMail(tx, alreadySignedUpMail(email), visitor.now);
  });
}

/** The tenant whose host this is, else the default one (rules R8). */
async function requireTenantOf(host: string): Promise<string> {
  const { tenants } = runtime().identity;
  const hostName = host.toLowerCase().replace(/:\d+$/, "");
  const tenant = (await tenants.get(`host:${hostName}`)) ?? (await tenants.get(defaultTenant));
  if (!tenant) throw new AppError("NOT_FOUND", "Nobody offers an API here yet.");
  if (tenant.status === "suspended") throw new AppError("TENANT_SUSPENDED", `${tenant.name} is suspended.`);
  return tenant.id;
}
