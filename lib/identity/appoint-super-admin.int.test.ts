import { afterAll, beforeAll, expect, it } from "vitest";
import { appointSuperAdmin } from "#lib/identity/appoint-super-admin";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";
import { foundDefaultTenant } from "#lib/tenants/found-default-tenant";
import { openApi, type TestApi } from "#test/api";

let api: TestApi;

beforeAll(async () => {
  api = await openApi();
});

afterAll(() => api.close());

const email = "ops@acme.example";
const password = "correct horse battery";

it("on an empty database: one of two founders founds, and the link makes a super admin who can sign in", async () => {
  const founding = () => onPlatform((tx) => foundDefaultTenant(tx, { slug: "acme", name: "Acme Networks" }));
  const founded = (await Promise.all([founding(), founding()])).filter((id) => id !== null);
  expect(founded).toHaveLength(1);
  const tenantId = founded[0] ?? "";

  const appoint = () => onPlatform((tx) => appointSuperAdmin(tx, tenantId, { email, name: "Ops" }, new Date()));
  const { userId } = await appoint();
  const again = await appoint(); // a lost link is replaced
  expect(again.userId).toBe(userId);
  const token = new URL(again.link).searchParams.get("token");
  expect(again.link).toBe(`http://portal.test/reset-password?token=${token}`);

  expect((await api.call("POST", "auth/login", { body: { email, password } })).status).toBe(401);
  expect((await api.call("POST", "auth/reset-password", { body: { token, password } })).status).toBe(204);
  const login = await api.call("POST", "auth/login", { body: { email, password } });
  const me = await api.call("GET", "me", { token: login.body.access_token });
  expect(me.body).toMatchObject({ role: "super_admin", tenant: { name: "Acme Networks" }, account: null });
  // The operator's own account is there, so that its keys have an owner.
  const made = await api.call("POST", "keys", { token: login.body.access_token, body: { name: "First" } });
  expect(made.status).toBe(201);
  const { rows } = await runtime().postgres.platform.query("SELECT kind FROM accounts WHERE id = $1", [
    made.body.account_id,
  ]);
  expect(rows).toEqual([{ kind: "internal" }]);
});

it("refuses what is no address", async () => {
  const appoint = onPlatform((tx) => appointSuperAdmin(tx, "tn_x", { email: "nope", name: "Ops" }, new Date()));
  await expect(appoint).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
});
