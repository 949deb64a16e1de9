import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "#lib/core/actor";
import { newId } from "#lib/core/ids";
import { authenticateBrowserSession, authenticateUserJwt } from "#lib/identity/authenticate-user";
import { changePassword } from "#lib/identity/change-password";
import * as contract from "#lib/identity/contract";
import { endAllSessions } from "#lib/identity/end-all-sessions";
import { endSession } from "#lib/identity/end-session";
import { getMe } from "#lib/identity/get-me";
import { listSessions } from "#lib/identity/list-sessions";
import { login } from "#lib/identity/login";
import { logout } from "#lib/identity/logout";
import { startBrowserSession } from "#lib/identity/portal-sign-in";
import { refresh } from "#lib/identity/refresh";
import { portalCookieName } from "#lib/identity/session-cookie";
import { signToken } from "#lib/identity/tokens";
import {
  addMembership,
  composeIdentity,
  contextOf,
  createAccount,
  createPerson,
  password,
  resetAttempts,
  sql,
  type TestPerson,
  visitor,
  withinOneSecond,
} from "#test/identity";

let close: () => Promise<void>;
beforeAll(async () => {
  close = await composeIdentity();
  await sql("INSERT INTO tenants (id, slug, name) VALUES ('tn_other', 'other', 'Other')");
});
afterAll(() => close());
beforeEach(resetAttempts);

const invalid = expect.objectContaining({ code: "TOKEN_INVALID" });
const signIn = (person: TestPerson, at = new Date()) => login(visitor({ now: at }), { email: person.email, password });
const actorOf = async (person: TestPerson): Promise<Actor> =>
  authenticateUserJwt((await signIn(person)).access_token, {}, new Date());
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "ok",
    (error) => error.code,
  );
const notify = (kind: string, id: string) => sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind, id })]);

describe("programs", () => {
  test("a login gives a JWT that speaks for the owner of the account, and nothing but hashes is stored", async () => {
    const person = await createPerson();
    const tokens = await signIn(person);
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 86_400 });
    const actor = await authenticateUserJwt(tokens.access_token, {}, new Date());
    expect(actor).toMatchObject({
      kind: "user",
      id: person.userId,
      tenantId: "tn_default",
      accountId: person.accountId,
      role: "owner",
      reach: person.accountId,
      via: "user_jwt",
    });
    expect(actor.permissions.has("keys:write") && !actor.permissions.has("accounts:write")).toBe(true);
    const stored = await sql("SELECT s::text AS row FROM sessions s UNION ALL SELECT r::text FROM refresh_tokens r");
    expect(
      stored.filter(({ row }) =>
        [tokens.refresh_token, tokens.access_token].some((secret) => String(row).includes(secret)),
      ),
    ).toEqual([]);
  });

  test("a refresh gives new tokens of the same session; the old one, used again, ends it", async () => {
    const person = await createPerson();
    const first = await signIn(person);
    const second = await refresh(visitor(), first);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await authenticateUserJwt(second.access_token, {}, new Date())).sessionId).toBe(
      (await authenticateUserJwt(first.access_token, {}, new Date())).sessionId,
    );

    await expect(refresh(visitor(), first)).rejects.toEqual(invalid);
    await expect(refresh(visitor(), second)).rejects.toEqual(invalid);
    await withinOneSecond(
      async () => (await codeOf(authenticateUserJwt(second.access_token, {}, new Date()))) === "TOKEN_INVALID",
    );
    expect(
      await sql("SELECT FROM audit_entries WHERE actor_id = $1 AND action = 'session.refresh_token_reused'", [
        person.userId,
      ]),
    ).toHaveLength(1);
  });

  test("of twenty refreshes with one token at once at most one succeeds, and the session is over", async () => {
    const { refresh_token } = await signIn(await createPerson());
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => refresh(visitor(), { refresh_token })));
    const tokens = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(tokens).toHaveLength(1);
    for (const { access_token } of tokens)
      await withinOneSecond(
        async () => (await codeOf(authenticateUserJwt(access_token, {}, new Date()))) === "TOKEN_INVALID",
      );
  });

  test("a refresh token that is made up, too old, of an ended session or of a suspended person is refused", async () => {
    await expect(refresh(visitor(), { refresh_token: "rft_x" })).rejects.toEqual(invalid);
    const old = await signIn(await createPerson(), new Date(Date.now() - 31 * 86_400_000));
    await expect(refresh(visitor(), old)).rejects.toEqual(invalid);
    const person = await createPerson();
    const suspended = await signIn(person);
    await sql("UPDATE users SET status = 'suspended' WHERE id = $1", [person.userId]);
    await expect(refresh(visitor(), suspended)).rejects.toEqual(invalid);
    await expect(signIn(person)).rejects.toMatchObject({ code: "ACCOUNT_SUSPENDED" });
  });

  test("a JWT is worth nothing without its session: expired, another person's, a browser's", async () => {
    const [person, other] = [await createPerson(), await createPerson()];
    const { sessionId } = await actorOf(person);
    const tokenFor = (subject: string, session: string | null) =>
      signToken("user", { subject, sessionId: session ?? "" }, 60, new Date());
    await expect(authenticateUserJwt(await tokenFor(other.userId, sessionId), {}, new Date())).rejects.toEqual(invalid);
    await expect(authenticateUserJwt(await tokenFor(person.userId, newId("ses")), {}, new Date())).rejects.toEqual(
      invalid,
    );
    const browser = await startBrowserSession(visitor(), { email: person.email, password });
    await expect(authenticateUserJwt(await tokenFor(person.userId, browser.sessionId), {}, new Date())).rejects.toEqual(
      invalid,
    );
    await sql("DELETE FROM users WHERE id = $1", [person.userId]);
    await notify("user", person.userId);
    await withinOneSecond(
      async () =>
        (await codeOf(
          tokenFor(person.userId, sessionId).then((token) => authenticateUserJwt(token, {}, new Date())),
        )) === "TOKEN_INVALID",
    );
  });
});

describe("sessions", () => {
  test("the list shows the live ones and which of them asks", async () => {
    const person = await createPerson();
    await signIn(person);
    const ctx = contextOf(await actorOf(person), "self:read");
    const { data } = await listSessions(ctx);
    expect(contract.listSessions.success.schema.parse(await listSessions(ctx)).data).toHaveLength(2);
    expect(data.filter((session) => session.is_current).map((session) => session.id)).toEqual([ctx.actor.sessionId]);
    expect(data[0]).toMatchObject({ kind: "program", ip_address: "192.0.2.1", user_agent: "a test" });
  });

  test("an ended session is refused within a second, and ending it again is harmless", async () => {
    const person = await createPerson();
    const [kept, doomed] = [await signIn(person), await signIn(person)];
    const actor = await authenticateUserJwt(kept.access_token, {}, new Date());
    const { sessionId } = await authenticateUserJwt(doomed.access_token, {}, new Date());
    const ctx = contextOf(actor, "self:write");
    await endSession(ctx, sessionId ?? "");
    await withinOneSecond(
      async () => (await codeOf(authenticateUserJwt(doomed.access_token, {}, new Date()))) === "TOKEN_INVALID",
    );
    await endSession(ctx, sessionId ?? "");
    await expect(refresh(visitor(), doomed)).rejects.toEqual(invalid);
    expect(await codeOf(authenticateUserJwt(kept.access_token, {}, new Date()))).toBe("ok");
    expect(
      await sql("SELECT FROM audit_entries WHERE action = 'session.ended' AND target_id = $1", [sessionId]),
    ).toHaveLength(1);
  });

  test("another person's session is as unknown as one that never was", async () => {
    const { sessionId } = await actorOf(await createPerson());
    const ctx = contextOf(await actorOf(await createPerson()), "self:write");
    const refusalOf = (id: string) =>
      endSession(ctx, id).catch((error) => JSON.stringify({ code: error.code, detail: error.detail }));
    expect(await refusalOf(sessionId ?? "")).toBe(await refusalOf(newId("ses")));
    expect(await sql("SELECT FROM sessions WHERE id = $1 AND ended_at IS NULL", [sessionId])).toHaveLength(1);
  });

  test("logout ends the session that asks, sign-out everywhere all of the person's and nobody else's", async () => {
    const [person, other] = [await createPerson(), await createPerson()];
    const [first, second, foreign] = [await signIn(person), await signIn(person), await signIn(other)];
    await logout(contextOf(await authenticateUserJwt(first.access_token, {}, new Date()), "self:write"));
    await withinOneSecond(
      async () => (await codeOf(authenticateUserJwt(first.access_token, {}, new Date()))) === "TOKEN_INVALID",
    );
    expect(await codeOf(authenticateUserJwt(second.access_token, {}, new Date()))).toBe("ok");
    await endAllSessions(contextOf(await authenticateUserJwt(second.access_token, {}, new Date()), "self:write"));
    await withinOneSecond(
      async () => (await codeOf(authenticateUserJwt(second.access_token, {}, new Date()))) === "TOKEN_INVALID",
    );
    expect(await codeOf(authenticateUserJwt(foreign.access_token, {}, new Date()))).toBe("ok");
  });

  test("changing the password asks for the current one and ends the other sessions", async () => {
    const person = await createPerson();
    const [here, there] = [await signIn(person), await signIn(person)];
    const ctx = contextOf(await authenticateUserJwt(here.access_token, {}, new Date()), "self:write");
    const change = (current: string, next = "a wholly new password") =>
      changePassword(ctx, { current_password: current, new_password: next });
    await expect(change("not it")).rejects.toMatchObject({ extras: { fields: [{ pointer: "#/current_password" }] } });
    await expect(change(password, "short")).rejects.toMatchObject({
      extras: { fields: [{ pointer: "#/new_password" }] },
    });
    await change(password);
    await withinOneSecond(
      async () => (await codeOf(authenticateUserJwt(there.access_token, {}, new Date()))) === "TOKEN_INVALID",
    );
    expect(await codeOf(authenticateUserJwt(here.access_token, {}, new Date()))).toBe("ok");
    expect(await codeOf(signIn(person))).toBe("TOKEN_INVALID");
    const codes = await Promise.all(Array.from({ length: 10 }, () => codeOf(change("not it"))));
    expect(codes).toContain("RATE_LIMIT_EXCEEDED");
  });

  test("a key has no sessions and no password", async () => {
    const actor: Actor = {
      ...(await actorOf(await createPerson())),
      kind: "api_key",
      id: newId("key"),
      via: "api_key",
      sessionId: null,
    };
    for (const work of [
      listSessions(contextOf(actor, "self:read")),
      logout(contextOf(actor, "self:write")),
      endAllSessions(contextOf(actor, "self:write")),
    ]) {
      await expect(work).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    }
    expect(await getMe(contextOf(actor, "self:read"))).toMatchObject({
      user: null,
      memberships: [],
      account: { id: actor.accountId },
    });
  });
});

describe("browsers", () => {
  const cookieOf = async (person: TestPerson) => {
    const claims = await startBrowserSession(visitor(), { email: person.email, password });
    return `theme=dark; ${portalCookieName("session")}=${await signToken("session", claims, 60, new Date())}; x=y`;
  };

  test("the cookie speaks for the person until the session ends", async () => {
    const person = await createPerson();
    const cookie = await cookieOf(person);
    const actor = await authenticateBrowserSession(cookie, {}, new Date());
    expect(actor).toMatchObject({ id: person.userId, via: "session" });
    await endAllSessions(contextOf(actor as Actor, "self:write"));
    await withinOneSecond(async () => (await authenticateBrowserSession(cookie, {}, new Date())) === null);
  });

  test("no cookie, another instance's, rubbish, a user JWT or two of them: nobody is signed in", async () => {
    const person = await createPerson();
    const cookie = await cookieOf(person);
    const jwt = (await signIn(person)).access_token;
    const name = portalCookieName("session");
    for (const header of [
      null,
      "",
      "theme=dark",
      cookie.replace(name, "portico.session.9"),
      `${name}=rubbish`,
      `${name}=${jwt}`,
      `${cookie}; ${name}=planted`,
    ]) {
      expect(await authenticateBrowserSession(header, {}, new Date()), String(header)).toBeNull();
    }
    expect(portalCookieName("session")).toBe("portico.session.3000");
  });

  test("being seen is written down, once in a while", async () => {
    const person = await createPerson();
    const cookie = `${portalCookieName("session")}=`;
    const claims = await startBrowserSession(visitor({ now: new Date(Date.now() - 3_600_000) }), {
      email: person.email,
      password,
    });
    const header = cookie + (await signToken("session", claims, 60, new Date()));
    const now = new Date();
    await authenticateBrowserSession(header, {}, now);
    await authenticateBrowserSession(header, {}, new Date(now.getTime() + 1_000));
    expect(await sql("SELECT last_seen_at FROM sessions WHERE id = $1", [claims.sessionId])).toEqual([
      { last_seen_at: now },
    ]);
  });
});

describe("memberships", () => {
  const asActor = async (person: TestPerson, selection: { accountId?: string; tenantId?: string }) =>
    authenticateUserJwt((await signIn(person)).access_token, selection, new Date());
  const addRole = (userId: string, tenantId: string, role: string) => addMembership(userId, tenantId, null, role);

  test("of several the first is the default, another is selected by its account or tenant, a foreign one is refused", async () => {
    const person = await createPerson();
    const second = await createAccount(person.userId);
    const elsewhere = await createAccount(person.userId, "tn_other");
    const foreign = (await createPerson()).accountId;
    expect((await asActor(person, {})).accountId).toBe(person.accountId);
    expect((await asActor(person, { accountId: second })).accountId).toBe(second);
    expect(await asActor(person, { tenantId: "tn_other" })).toMatchObject({
      tenantId: "tn_other",
      accountId: elsewhere,
    });
    for (const selection of [
      { accountId: foreign },
      { accountId: "" },
      { accountId: "nonsense" },
      { tenantId: "tn_none" },
      { accountId: second, tenantId: "tn_other" },
    ]) {
      expect(await codeOf(asActor(person, selection)), JSON.stringify(selection)).toBe("PERMISSION_DENIED");
    }
    const me = contract.me.parse(await getMe(contextOf(await asActor(person, { accountId: second }), "self:read")));
    expect(me).toMatchObject({
      user: { email: person.email },
      role: "owner",
      account: { id: second },
      tenant: { slug: "default" },
    });
    expect(me.memberships.map((membership) => membership.is_current)).toEqual([false, true, false]);
  });

  test("the owner of a reseller account is a reseller, an operator reaches its whole tenant", async () => {
    const reseller = await createPerson({ kind: "reseller" });
    expect(await asActor(reseller, {})).toMatchObject({
      role: "reseller",
      reach: reseller.accountId,
      grants: { admin: false },
    });
    const operator = await createPerson();
    await addRole(operator.userId, "tn_other", "tenant_admin");
    expect(await asActor(operator, { tenantId: "tn_other" })).toMatchObject({
      role: "tenant_admin",
      grants: { admin: true },
      accountId: null,
      reach: "*",
      tenantId: "tn_other",
    });
    expect((await asActor(operator, {})).role).toBe("owner");
  });

  test("a super admin acts for the default tenant or any other, also a suspended one", async () => {
    const admin = await createPerson();
    await addRole(admin.userId, "tn_other", "super_admin");
    expect(await asActor(admin, {})).toMatchObject({
      role: "super_admin",
      tenantId: "tn_default",
      accountId: null,
      reach: "*",
    });
    await sql("INSERT INTO tenants (id, slug, name, status) VALUES ('tn_closed', 'closed', 'Closed', 'suspended')");
    expect(await asActor(admin, { tenantId: "tn_closed" })).toMatchObject({ tenantId: "tn_closed" });
    expect(await asActor(admin, { accountId: admin.accountId })).toMatchObject({
      role: "owner",
      accountId: admin.accountId,
    });
    for (const tenantId of ["tn_none", "host:x", "", "default"])
      expect(await codeOf(asActor(admin, { tenantId })), tenantId).toBe("PERMISSION_DENIED");
  });

  test("suspending account, tenant or person is felt within a second; another account still works", async () => {
    const person = await createPerson();
    const { access_token } = await signIn(person);
    const code = () => codeOf(authenticateUserJwt(access_token, {}, new Date()));
    const set = async (table: "accounts" | "users" | "tenants", kind: string, id: string, status: string) => {
      await sql(`UPDATE ${table} SET status = $2 WHERE id = $1`, [id, status]);
      await notify(kind, id);
    };
    expect(await code()).toBe("ok");
    await set("accounts", "account", person.accountId, "suspended");
    await withinOneSecond(async () => (await code()) === "ACCOUNT_SUSPENDED");
    const second = await createAccount(person.userId);
    await notify("user", person.userId);
    await withinOneSecond(async () => (await code()) === "ok");
    expect((await authenticateUserJwt(access_token, {}, new Date())).accountId).toBe(second);
    await set("tenants", "tenant", "tn_default", "suspended");
    await withinOneSecond(async () => ["ACCOUNT_SUSPENDED", "TENANT_SUSPENDED"].includes(await code()));
    expect(await codeOf(authenticateUserJwt(access_token, { accountId: second }, new Date()))).toBe("TENANT_SUSPENDED");
    await set("tenants", "tenant", "tn_default", "active");
    await withinOneSecond(async () => (await code()) === "ok");
    await set("users", "user", person.userId, "suspended");
    await withinOneSecond(async () => (await code()) === "ACCOUNT_SUSPENDED");
  });

  test("a person without any membership may do nothing", async () => {
    const person = await createPerson();
    await sql("DELETE FROM memberships WHERE user_id = $1", [person.userId]);
    expect(await codeOf(asActor(person, {}))).toBe("PERMISSION_DENIED");
  });
});
