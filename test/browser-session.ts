import { newId } from "#lib/core/ids";
import { portalSignIn } from "#lib/identity/portal-sign-in";
import { portalCookieName } from "#lib/identity/session-cookie";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

const password = "correct horse battery";

/** Makes an owner of an account, signs in as it would in a browser, and returns the Cookie header. */
export async function signIn(tenantId: string, accountId: string): Promise<string> {
  const userId = newId("usr");
  const email = `${userId.slice(4).toLowerCase()}@example.com`;
  const passwordHash = await runtime().passwords.hash(password);
  await onPlatform(async (tx) => {
    await tx.user.create({ data: { id: userId, email, name: "Ada", passwordHash, emailVerifiedAt: new Date() } });
    await tx.membership.create({ data: { id: newId("mem"), tenantId, accountId, userId, role: "owner" } });
  });
  const claims = await portalSignIn.start({ email, password }, new Headers({ "x-real-ip": "192.0.2.8" }));
  return `${portalCookieName("session")}=${await portalSignIn.sign(claims)}`;
}
