import { newId } from "#lib/core/ids";
import type { PersonMembership } from "#lib/identity/global-lookups";
import { notifyChange } from "#lib/platform/changes";
import type { Db } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";
import { nextNumber } from "#lib/tenants/next-number";

type Hash = Uint8Array<ArrayBuffer>;
export type VerificationPurpose = "verify_email" | "reset_password";

export interface NewUser {
  email: string;
  name: string;
  /** Null: chosen later, through a mailed link. */
  passwordHash: string | null;
}

/** Adds a person, unless the address is taken: then undefined, also for the slower of two at once. */
export async function insertUser(tx: Db, user: NewUser, now: Date): Promise<string | undefined> {
  const [row] = await tx.user.createManyAndReturn({
    data: { id: newId("usr"), ...user, createdAt: now, updatedAt: now },
    skipDuplicates: true,
  });
  return row?.id;
}

/**
 * Whoever waits to confirm the address keeps the password only if it is `provenHash`; else nobody has one, and the confirmation
 * links under way are dead (`confirmEmail`). Undefined: the address is confirmed.
 */
export async function contestUnconfirmedUser(
  tx: Db,
  email: string,
  provenHash: string | null,
  now: Date,
): Promise<{ id: string; email: string; passwordHash: string | null } | undefined> {
  const [row] = await tx.$queryRaw<{ id: string; email: string; passwordHash: string | null }[]>`
    UPDATE users SET password_hash = CASE WHEN password_hash = ${provenHash}::text THEN password_hash END, updated_at = ${now}
    WHERE email = ${email} AND email_verified_at IS NULL RETURNING id, email, password_hash AS "passwordHash"`;
  if (row?.passwordHash === null) await forgetNames(tx, row.id);
  return row;
}

/** What a stranger wrote about somebody who never confirmed: the person who finishes the sign-up must not go by it. */
async function forgetNames(tx: Db, userId: string): Promise<void> {
  await tx.$executeRaw`UPDATE users SET name = split_part(email, '@', 1) WHERE id = ${userId}`;
  await tx.$executeRaw`
    UPDATE accounts a SET name = split_part(u.email, '@', 1) FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE u.id = ${userId} AND m.account_id = a.id AND m.role = 'owner'`;
}

/** A new customer account with its owner. Returns the account's id. */
export async function insertOwnAccount(
  tx: Db,
  owner: { userId: string; tenantId: string; accountName: string },
  now: Date,
): Promise<string> {
  const { userId, tenantId, accountName } = owner;
  const number = await nextNumber(tx, tenantId, "account");
  const id = newId("acct");
  await tx.account.create({
    data: { id, tenantId, number, kind: "customer", name: accountName, createdAt: now, updatedAt: now },
  });
  await tx.membership.create({
    data: { id: newId("mem"), tenantId, accountId: id, userId, role: "owner", createdAt: now },
  });
  return id;
}

/** The membership that stands for a person where none was selected. */
export async function findFirstMembership(
  tx: Db,
  userId: string,
): Promise<Pick<PersonMembership, "tenantId" | "accountId"> | null> {
  return tx.membership.findFirst({
    where: { userId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { tenantId: true, accountId: true },
  });
}

export async function insertVerification(
  tx: Db,
  row: { userId: string; purpose: VerificationPurpose; hash: Hash; expiresAt: Date },
  now: Date,
): Promise<void> {
  await tx.verification.create({ data: { ...row, createdAt: now } });
}

export async function isVerificationOpen(
  tx: Db,
  purpose: VerificationPurpose,
  hash: Hash,
  now: Date,
): Promise<boolean> {
  return (await tx.verification.count({ where: { hash, purpose, usedAt: null, expiresAt: { gt: now } } })) === 1;
}

/** Uses a mailed token up, in one step: of many who try at once one gets the user, the others undefined. */
export async function spendVerification(
  tx: Db,
  purpose: VerificationPurpose,
  hash: Hash,
  now: Date,
): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ user_id: string }[]>`
    UPDATE verifications SET used_at = ${now}
    WHERE hash = ${hash} AND purpose = ${purpose} AND used_at IS NULL AND expires_at > ${now} RETURNING user_id`;
  return row?.user_id;
}

/** False when two people may have signed up with the address: then it is confirmed together with the choice of a password. */
export async function confirmEmail(tx: Db, userId: string, now: Date): Promise<boolean> {
  const confirmed = await tx.$executeRaw`
    UPDATE users SET email_verified_at = coalesce(email_verified_at, ${now}), updated_at = ${now}
    WHERE id = ${userId} AND password_hash IS NOT NULL`;
  return confirmed === 1;
}

/** Sets a password and voids the reset links under way. Returns the e-mail address. */
export async function setPassword(tx: Db, userId: string, passwordHash: string): Promise<string> {
  const { email } = await tx.user.update({ where: { id: userId }, data: { passwordHash }, select: { email: true } });
  await tx.verification.deleteMany({ where: { userId, purpose: "reset_password", usedAt: null } });
  return email;
}

export async function findPasswordHash(tx: Db, userId: string): Promise<string | null> {
  return (await tx.user.findUnique({ where: { id: userId }, select: { passwordHash: true } }))?.passwordHash ?? null;
}

export interface NewSession {
  userId: string;
  kind: "browser" | "program";
  userAgent: string | null;
  ipAddress: string;
  expiresAt: Date;
}

export async function insertSession(tx: Db, session: NewSession, now: Date): Promise<string> {
  const id = newId("ses");
  await tx.session.create({ data: { id, ...session, createdAt: now, lastSeenAt: now } });
  return id;
}

/** Keeps a program's session going. Returns whose it is, or undefined when it is over. */
export async function extendSession(tx: Db, id: string, expiresAt: Date, now: Date): Promise<string | undefined> {
  const where = { id, kind: "program", endedAt: null, expiresAt: { gt: now }, user: { status: "active" } };
  const [row] = await tx.session.updateManyAndReturn({
    where,
    data: { expiresAt, lastSeenAt: now },
    select: { userId: true },
  });
  if (row) await notifyChange(tx, { kind: "session", id });
  return row?.userId;
}

export async function listLiveSessions(tx: Db, userId: string, now: Date) {
  return tx.session.findMany({
    where: { userId, endedAt: null, expiresAt: { gt: now } },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
    take: 200,
  });
}

/** Ends sessions of a person: one, all but one, or all. Every process hears of it when the transaction commits. Returns their ids. */
export async function endSessions(
  tx: Db,
  userId: string,
  which: { only?: string; except?: string | null },
  now: Date,
): Promise<string[]> {
  const id = { ...(which.only !== undefined && { equals: which.only }), ...(which.except && { not: which.except }) };
  const ended = await tx.session.updateManyAndReturn({
    where: { userId, endedAt: null, id },
    data: { endedAt: now },
    select: { id: true },
  });
  for (const session of ended) await notifyChange(tx, { kind: "session", id: session.id });
  return ended.map((session) => session.id);
}

export async function isSessionOf(tx: Db, id: string, userId: string): Promise<boolean> {
  return (await tx.session.count({ where: { id, userId } })) === 1;
}

/** Not worth a transaction: the latest of several wins. */
export async function noteSessionSeen(id: string, now: Date): Promise<void> {
  await runtime().postgres.platform.query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2", [
    id,
    now,
  ]);
}

export async function insertRefreshToken(
  tx: Db,
  row: { hash: Hash; sessionId: string; expiresAt: Date },
  now: Date,
): Promise<void> {
  await tx.refreshToken.create({ data: { ...row, createdAt: now } });
}

/** Uses a refresh token up, in one step. Returns its session, or undefined when it cannot be used. */
export async function spendRefreshToken(tx: Db, hash: Hash, now: Date): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ session_id: string }[]>`
    UPDATE refresh_tokens SET used_at = ${now} WHERE hash = ${hash} AND used_at IS NULL AND expires_at > ${now} RETURNING session_id`;
  return row?.session_id;
}

/** The session of a refresh token that was used before: somebody has a copy of it. */
export async function findSessionOfUsedToken(tx: Db, hash: Hash): Promise<{ id: string; userId: string } | undefined> {
  const row = await tx.refreshToken.findFirst({
    where: { hash, usedAt: { not: null } },
    select: { session: { select: { id: true, userId: true } } },
  });
  return row?.session;
}
