import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { guardAttempt } from "#lib/identity/limits";
import { login } from "#lib/identity/login";
import { requestPasswordReset } from "#lib/identity/request-password-reset";
import { resendVerification } from "#lib/identity/resend-verification";
import { resetPassword } from "#lib/identity/reset-password";
import { signUp } from "#lib/identity/sign-up";
import { verifyEmail } from "#lib/identity/verify-email";
import {
  composeIdentity,
  createPerson,
  mailedToken,
  mailsTo,
  password,
  resetAttempts,
  sql,
  visitor,
  withinOneSecond,
} from "#test/identity";

let close: () => Promise<void>;
beforeAll(async () => {
  close = await composeIdentity({ PUBLIC_URL: "https://portal.example" });
});
afterAll(() => close());
beforeEach(resetAttempts);

let count = 0;
const newEmail = () => `person${++count}@example.com`;
const form = (email: string) => ({ email, password, name: "Ada Lovelace" });
const deadToken = expect.objectContaining({
  code: "VALIDATION_FAILED",
  extras: { fields: [expect.objectContaining({ pointer: "#/token" })] },
});
const later = (minutes: number) => visitor({ now: new Date(Date.now() + minutes * 60_000) });

test("sign-up makes a person, a numbered customer account and its ownership; the mailed link confirms the address", async () => {
  const email = newEmail();
  expect(await signUp(visitor(), { ...form(` ${email.toUpperCase()} `), account_name: "Analytical Engines" })).toEqual({
    status: "accepted",
  });

  const [row] = await sql(
    "SELECT u.id, u.email, u.name, m.role, a.kind, a.name AS account, a.tenant_id, a.number FROM users u JOIN memberships m ON m.user_id = u.id JOIN accounts a ON a.id = m.account_id WHERE u.email = $1",
    [email],
  );
  expect(row).toMatchObject({
    name: "Ada Lovelace",
    role: "owner",
    kind: "customer",
    account: "Analytical Engines",
    tenant_id: "tn_default",
    number: expect.any(Number),
  });
  const [mail] = await mailsTo(email);
  expect(mail?.text).toContain("https://portal.example/verify-email?token=ver_");

  await expect(login(visitor(), { email, password })).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await expect(login(visitor(), { email, password: "another password" })).rejects.toMatchObject({
    code: "TOKEN_INVALID",
  });
  const token = await mailedToken(email);
  await verifyEmail(visitor(), { token });
  await expect(verifyEmail(visitor(), { token })).rejects.toEqual(deadToken);
  expect(await login(visitor(), { email, password })).toMatchObject({ token_type: "bearer" });

  const audit = await sql(
    "SELECT action FROM audit_entries WHERE tenant_id = 'tn_default' AND actor_kind = 'user' AND actor_id = $1 ORDER BY sequence",
    [row?.id],
  );
  expect(audit.map(({ action }) => action)).toEqual(["user.signed_up", "user.verified", "session.started"]);
});

test("the host chooses the tenant; an unknown one means the default", async () => {
  await sql("INSERT INTO tenants (id, slug, name, hosts) VALUES ('tn_north', 'north', 'North', '{north.example}')");
  const tenantOf = async (host: string) => {
    const email = newEmail();
    await signUp(visitor({ host }), form(email));
    const [row] = await sql("SELECT tenant_id FROM memberships JOIN users u ON u.id = user_id WHERE email = $1", [
      email,
    ]);
    return row?.tenant_id;
  };
  expect(await tenantOf("North.example:3000")).toBe("tn_north");
  expect(await tenantOf("evil.example")).toBe("tn_default");
  await sql("UPDATE tenants SET status = 'suspended' WHERE id = 'tn_north'");
  await sql('SELECT pg_notify(\'portico\', \'{"kind":"tenant","id":"tn_north"}\')');
  await withinOneSecond(
    async () =>
      (await signUp(visitor({ host: "north.example" }), form(newEmail())).catch((error) => error.code)) ===
      "TENANT_SUSPENDED",
  );
});

test("nobody learns whether an address has an account: same answer, comparable time, and the owner is told", async () => {
  const { email: known } = await createPerson();
  const timed = async (work: () => Promise<unknown>) => {
    const startedMs = performance.now();
    const answer = JSON.stringify(await work());
    return { answer, tookMs: performance.now() - startedMs };
  };
  for (const ask of [signUp, requestPasswordReset, resendVerification]) {
    const bodyOf = (email: string) => (ask === signUp ? form(email) : { email }) as never;
    const forKnown = await timed(() => ask(visitor(), bodyOf(known)));
    const forUnknown = await timed(() => ask(visitor(), bodyOf(newEmail())));
    expect(forKnown.answer).toBe(forUnknown.answer);
    for (const { tookMs } of [forKnown, forUnknown]) expect(tookMs).toBeGreaterThanOrEqual(249);
  }
  expect((await mailsTo(known)).map(({ subject }) => subject)).toEqual([
    "You already have an account",
    "Set a new password",
  ]);
  expect(await sql("SELECT FROM users WHERE email = $1 AND name = 'Ada'", [known])).toHaveLength(1); // unchanged
});

test("sign-in says and costs the same for an unknown address as for a wrong password", async () => {
  const { email } = await createPerson();
  const refusal = async (address: string) => {
    const error = await login(visitor(), { email: address, password: "not the password" }).catch(
      (thrown: unknown) => thrown,
    );
    return JSON.stringify(
      error,
      Object.getOwnPropertyNames(error).filter((name) => name !== "stack"),
    );
  };
  const fastestMs = async (address: string) => {
    const tookMs: number[] = [];
    for (let round = 0; round < 9; round++) {
      const startedMs = performance.now();
      await refusal(address);
      tookMs.push(performance.now() - startedMs);
    }
    return Math.min(...tookMs);
  };
  expect(await refusal(email)).toBe(await refusal("nobody@example.com"));
  resetAttempts();
  const [known, unknown] = [await fastestMs(email), await fastestMs("nobody@example.com")];
  expect(Math.abs(known - unknown)).toBeLessThan(Math.max(known, unknown) / 2 + 5);
});

const theirs = { password: "somebody else's password", name: "Somebody Else" };
const resetToken = async (email: string) => {
  const { subject, text } = (await mailsTo(email)).at(-1) ?? { subject: "", text: "" };
  expect(subject).toBe("Finish signing up");
  return /[/]reset-password[?]token=(\w+)/.exec(text)?.[1] ?? "";
};

test.each([
  ["before", true],
  ["after", false],
])(
  "somebody who signs up with my address %s me gains nothing: neither link confirms, the last mail lets me choose",
  async (_when, isFirst) => {
    const email = newEmail();
    const [first, second] = isFirst ? [theirs, {}] : [{}, theirs];
    await signUp(visitor(), { ...form(email), ...first });
    const older = await mailedToken(email);
    await signUp(visitor({ ipAddress: "198.51.100.9" }), { ...form(email), ...second });
    const token = await resetToken(email);

    for (const link of [older, token]) await expect(verifyEmail(visitor(), { token: link })).rejects.toEqual(deadToken);
    for (const tried of [password, theirs.password])
      await expect(login(visitor(), { email, password: tried })).rejects.toMatchObject({ code: "TOKEN_INVALID" });

    await resetPassword(later(23 * 60), { token, password: "what the reader chose" });
    for (const tried of [password, theirs.password])
      await expect(login(visitor(), { email, password: tried })).rejects.toMatchObject({ code: "TOKEN_INVALID" });
    expect(await login(visitor(), { email, password: "what the reader chose" })).toBeDefined();
    // Nor do the names stay that a stranger may have written.
    const names =
      "SELECT u.name, a.name AS account FROM users u JOIN memberships m ON m.user_id = u.id JOIN accounts a ON a.id = m.account_id WHERE email = $1";
    const local = email.split("@")[0];
    expect(await sql(names, [email])).toEqual([{ name: local, account: local }]);
  },
);

test("nobody becomes the owner of a password by insisting: asking for the mail again lets its reader choose, too", async () => {
  const email = newEmail();
  await signUp(visitor(), form(email));
  await signUp(visitor(), { ...form(email), ...theirs });
  await signUp(visitor(), { ...form(email), ...theirs });
  await resendVerification(visitor(), { email });
  await resetPassword(visitor(), { token: await resetToken(email), password: "what the reader chose" });
  await expect(login(visitor(), { email, password: theirs.password })).rejects.toMatchObject({ code: "TOKEN_INVALID" });
});

test("whoever signs up again with the same password is the same person: both links are good", async () => {
  const email = newEmail();
  await signUp(visitor(), form(email));
  const older = await mailedToken(email);
  await signUp(visitor(), form(email));
  const newer = await mailedToken(email);
  expect(newer).not.toBe(older);
  for (const token of [newer, older]) await verifyEmail(visitor(), { token });
  expect(await login(visitor(), { email, password })).toBeDefined();
});

test("who signs up with my confirmed address changes nothing, whatever links are left", async () => {
  const email = newEmail();
  await signUp(visitor(), form(email));
  await resendVerification(visitor(), { email });
  const [token, spare] = (await mailsTo(email)).map(({ text }) => /token=(\w+)/.exec(text)?.[1] ?? "");
  await verifyEmail(visitor(), { token: token ?? "" });
  await signUp(visitor(), { ...form(email), ...theirs });
  expect((await mailsTo(email)).at(-1)?.subject).toBe("You already have an account");
  await verifyEmail(visitor(), { token: spare ?? "" });
  await expect(login(visitor(), { email, password: theirs.password })).rejects.toMatchObject({ code: "TOKEN_INVALID" });
  expect(await login(visitor(), { email, password })).toBeDefined();
});

test("confirming and a foreign sign-up at the same moment: my password or none, never theirs", async () => {
  for (let round = 0; round < 5; round++) {
    resetAttempts();
    const email = newEmail();
    await signUp(visitor(), form(email));
    const token = await mailedToken(email);
    const confirmed = new Promise((resolve) => setTimeout(resolve, 40 + 5 * round)).then(() =>
      verifyEmail(visitor(), { token }).then(
        () => true,
        (error) => {
          expect(error).toEqual(deadToken);
          return false;
        },
      ),
    );
    await signUp(visitor(), { ...form(email), ...theirs });
    const mine = login(visitor(), { email, password }).then(
      () => true,
      () => false,
    );
    expect(await mine).toBe(await confirmed);
    await expect(login(visitor(), { email, password: theirs.password })).rejects.toMatchObject({
      code: "TOKEN_INVALID",
    });
  }
});

test("twenty sign-ups with one address at once make one person with one account", async () => {
  const email = newEmail();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => signUp(visitor({ ipAddress: `192.0.2.${n}` }), form(email))),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"status":"accepted"}']));
  expect(
    await sql("SELECT FROM memberships m JOIN users u ON u.id = m.user_id WHERE email = $1", [email]),
  ).toHaveLength(1);
});

test("the confirmation link can be asked for again, is good for a day, and only a hash of it is kept", async () => {
  const email = newEmail();
  await signUp(visitor(), form(email));
  await resendVerification(visitor(), { email });
  const token = await mailedToken(email);
  await expect(verifyEmail(later(24 * 60 + 1), { token })).rejects.toEqual(deadToken);
  const everything = await sql("SELECT v::text AS row FROM verifications v UNION ALL SELECT m::text FROM mails m");
  expect(everything.filter(({ row }) => String(row).includes(token))).toEqual([]);
  await verifyEmail(later(23 * 60), { token });
});

test("an address that is no address, or a poor password, is refused at its field", async () => {
  await expect(signUp(visitor(), form("a@x.com,b@y.com"))).rejects.toMatchObject({
    code: "VALIDATION_FAILED",
    extras: { fields: [{ pointer: "#/email" }] },
  });
  await expect(signUp(visitor(), { ...form(newEmail()), password: "password1234" })).rejects.toMatchObject({
    extras: { fields: [{ pointer: "#/password" }] },
  });
});

test("a reset sets the password once, confirms the address, ends every session and says so by mail", async () => {
  const { email, userId } = await createPerson();
  await login(visitor(), { email, password });
  await sql("UPDATE users SET email_verified_at = NULL WHERE id = $1", [userId]);
  await requestPasswordReset(visitor(), { email });
  const token = await mailedToken(email);
  expect((await mailsTo(email)).at(-1)?.text).toContain("https://portal.example/reset-password?token=");

  await resetPassword(visitor(), { token, password: "a wholly new password" });
  expect(await sql("SELECT FROM sessions WHERE user_id = $1 AND ended_at IS NULL", [userId])).toEqual([]);
  await expect(login(visitor(), { email, password })).rejects.toMatchObject({ code: "TOKEN_INVALID" });
  expect(await login(visitor(), { email, password: "a wholly new password" })).toBeDefined();
  await expect(resetPassword(visitor(), { token, password: "and another password" })).rejects.toEqual(deadToken);
  expect((await mailsTo(email)).at(-1)?.subject).toBe("Your password was changed");
  expect(
    await sql("SELECT FROM audit_entries WHERE actor_id = $1 AND action = 'user.password_reset'", [userId]),
  ).toHaveLength(1);
});

test("of fifty resets with one token at once, one succeeds", async () => {
  const { email } = await createPerson();
  await requestPasswordReset(visitor(), { email });
  const token = await mailedToken(email);
  const attempts = Array.from({ length: 50 }, (_, n) =>
    resetPassword(visitor({ ipAddress: `198.51.100.${n}` }), { token, password: `password number ${n}` }),
  );
  const outcomes = await Promise.allSettled(attempts);
  const winners = outcomes.flatMap((outcome, n) => (outcome.status === "fulfilled" ? [n] : []));
  expect(winners).toHaveLength(1);
  for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toEqual(deadToken);
  expect(await login(visitor(), { email, password: `password number ${winners[0]}` })).toBeDefined();
});

test("a reset link dies after 15 minutes, with a newer password, and is no confirmation link", async () => {
  const { email } = await createPerson();
  await requestPasswordReset(visitor(), { email });
  const old = await mailedToken(email);
  await expect(verifyEmail(visitor(), { token: old })).rejects.toEqual(deadToken);
  await expect(resetPassword(later(16), { token: old, password: "a wholly new password" })).rejects.toEqual(deadToken);
  await requestPasswordReset(visitor(), { email });
  await resetPassword(visitor(), { token: await mailedToken(email), password: "a wholly new password" });
  await expect(resetPassword(visitor(), { token: old, password: "the older link's one" })).rejects.toEqual(deadToken);
  await expect(resetPassword(visitor(), { token: "ver_made_up", password: "the older link's one" })).rejects.toEqual(
    deadToken,
  );
});

test("a hundred guesses at once count as a hundred, and somebody else's guesses lock nobody out", async () => {
  const { email } = await createPerson();
  const guesses = Array.from({ length: 100 }, (_, n) =>
    login(visitor({ ipAddress: "203.0.113.9" }), { email, password: `guess ${n}` }).catch((error) => error.code),
  );
  const codes = await Promise.all(guesses);
  expect(codes.filter((code) => code === "TOKEN_INVALID")).toHaveLength(10);
  expect(codes.filter((code) => code === "RATE_LIMIT_EXCEEDED")).toHaveLength(90);
  const refusal = await login(visitor({ ipAddress: "203.0.113.9" }), { email, password }).catch((error) => error);
  expect(refusal).toMatchObject({ code: "RATE_LIMIT_EXCEEDED", extras: { retryAfterSeconds: expect.any(Number) } });
  expect(refusal.detail).toBe(`Rate limit exceeded. Try again in ${refusal.extras.retryAfterSeconds} seconds.`);
  expect(await login(visitor({ ipAddress: "192.0.2.77" }), { email, password })).toBeDefined();
});

test("one network address cannot try many e-mail addresses, and an IPv6 network counts as one address", async () => {
  const attempt = (n: number) =>
    guardAttempt("signIn", `2001:db8::${n.toString(16)}`, `nobody${n}@example.com`).then(
      () => "ok",
      (error) => error.code,
    );
  const codes = await Promise.all(Array.from({ length: 110 }, (_, n) => attempt(n)));
  expect(codes.filter((code) => code === "RATE_LIMIT_EXCEEDED")).toHaveLength(10);
  await expect(login(visitor({ ipAddress: "2001:db8::ffff" }), { email: newEmail(), password })).rejects.toMatchObject({
    code: "RATE_LIMIT_EXCEEDED",
  });
  await expect(login(visitor({ ipAddress: "2001:db8:0:1::1" }), { email: newEmail(), password })).rejects.toMatchObject(
    { code: "TOKEN_INVALID" },
  );
});

test("whoever knows the password may sign in as often as they like", async () => {
  const { email } = await createPerson();
  for (let round = 0; round < 15; round++) await login(visitor(), { email, password });
});

test("mails to one address are limited from one network address", async () => {
  const email = newEmail();
  const ask = () => requestPasswordReset(visitor(), { email }).catch((error) => error.code);
  const codes = await Promise.all(Array.from({ length: 6 }, ask));
  expect(codes.filter((code) => code === "RATE_LIMIT_EXCEEDED")).toHaveLength(1);
});
