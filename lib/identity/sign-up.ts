import { AppError } from "#lib/core/errors";
import { requireEmail } from "#lib/identity/canonical-email";
import type { Accepted, SignUpBody } from "#lib/identity/contract";
import { defaultTenant } from "#lib/identity/global-lookups";
import { guardAttempt } from "#lib/identity/limits";
import { alreadySignedUpMail } from "#lib/identity/mail-texts";
import { mailVerification } from "#lib/identity/mail-verification";
import { requireNewPassword } from "#lib/identity/password";
import { recordPersonalAudit } from "#lib/identity/record-personal-audit";
import { insertOwnAccount, insertUser, type NewUser, replaceUnconfirmedUser } from "#lib/identity/repository";
import { inSteadyTime } from "#lib/identity/steady-time";
import type { Visitor } from "#lib/identity/visitor";
import { queueMail } from "#lib/notifications/queue-mail";
import { type Db, onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/**
 * Makes a person, their customer account and its ownership in the tenant of the host, and mails a link to confirm the address. An
 * address that has an account gets a mail that says so instead; the answer and the time it takes are the same.
 */
export async function signUp(visitor: Visitor, body: SignUpBody): Promise<Accepted> {
  const email = requireEmail(body.email);
  const password = requireNewPassword(body.password, "password");
  await guardAttempt("mail", visitor.ipAddress, email);
  const tenantId = await requireTenantOf(visitor.host);
  return inSteadyTime(async () => {
    const user = { email, name: body.name, passwordHash: await runtime().passwords.hash(password) };
    await onPlatform((tx) => admit(tx, visitor, user, { tenantId, accountName: body.account_name ?? body.name }));
    return { status: "accepted" };
  });
}

async function admit(
  tx: Db,
  visitor: Visitor,
  user: NewUser,
  account: { tenantId: string; accountName: string },
): Promise<void> {
  const { email } = user;
  const newId = await insertUser(tx, user, visitor.now);
  if (newId !== undefined) {
    await insertOwnAccount(tx, { userId: newId, ...account }, visitor.now);
    await recordPersonalAudit(tx, visitor, newId, "user.signed_up", { type: "user", id: newId });
  }
  // The latest sign-up counts until an address is confirmed: who was first need not be who reads its mail.
  const unconfirmedId = newId ?? (await replaceUnconfirmedUser(tx, user));
  if (unconfirmedId === undefined) await queueMail(tx, alreadySignedUpMail(email), visitor.now);
  else await mailVerification(tx, "verify_email", { id: unconfirmedId, email }, visitor.now);
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
