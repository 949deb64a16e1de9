import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { newId } from "#lib/core/ids";
import { notifyExpiringKeys } from "#lib/keys/notify-expiring-keys";
import { openMailText } from "#lib/notifications/mail-text";
import { runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
const dayMs = 86_400_000;

const sql = (text: string, values: unknown[] = []) => runtime().postgres.platform.query(text, values);

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  for (const [email, role] of [
    ["owner@example.com", "owner"],
    ["developer@example.com", "developer"],
  ] as const) {
    const id = newId("usr");
    await sql("INSERT INTO users (id, email, name) VALUES ($1, $2, 'N')", [id, email]);
    await sql("INSERT INTO memberships (id, tenant_id, account_id, user_id, role) VALUES ($1, $2, $3, $4, $5)", [
      newId("mem"),
      world.one.tenantId,
      world.one.customer,
      id,
      role,
    ]);
  }
});

beforeEach(async () => {
  await sql("UPDATE api_keys SET status = 'revoked'");
  await sql("DELETE FROM mails");
});

afterAll(() => api.close());

/** A key made `agoDays` ago that expires `inDays` from now. */
async function keyExpiring(inDays: number, agoDays = 300): Promise<string> {
  const { id } = await issueKey(world.one.tenantId, world.one.customer, { name: "Nightly" });
  await sql("UPDATE api_keys SET expires_at = $2, created_at = $3 WHERE id = $1", [
    id,
    new Date(Date.now() + inDays * dayMs),
    new Date(Date.now() - agoDays * dayMs),
  ]);
  return id;
}

const mails = async () =>
  (await sql("SELECT recipient, subject, text FROM mails ORDER BY created_at, recipient")).rows.map(
    ({ text, ...mail }) => ({ ...mail, text: openMailText(text) }),
  );

it("tells the owners once for each of 30, 7 and 1 days ahead, however often it runs", async () => {
  const id = await keyExpiring(29.5);
  const at = (inDays: number) => new Date(Date.now() + inDays * dayMs);
  expect(await Promise.all([notifyExpiringKeys(at(0)), notifyExpiringKeys(at(0))])).toContain(1);
  expect(await notifyExpiringKeys(at(1))).toBe(0);
  expect(await notifyExpiringKeys(at(23))).toBe(1);
  expect(await notifyExpiringKeys(at(28.6))).toBe(1);
  expect(await notifyExpiringKeys(at(30))).toBe(0); // it has expired
  const sent = await mails();
  expect(sent.map(({ recipient, subject }) => [recipient, subject])).toEqual([
    ["owner@example.com", 'API key "Nightly" expires in less than 30 days'],
    ["owner@example.com", 'API key "Nightly" expires in less than 7 days'],
    ["owner@example.com", 'API key "Nightly" expires in less than a day'],
  ]);
  expect(sent[0]?.text).toContain(`http://portal.test/keys/${id}`);
  expect(
    (await sql("SELECT count(*)::int AS count FROM domain_events WHERE type = 'api_key.expiring'")).rows[0].count,
  ).toBe(3);
});

it("says nothing of keys that are disabled, revoked, far from expiry, or were made for so short a time", async () => {
  await keyExpiring(90);
  await keyExpiring(5, 0.1);
  await sql("UPDATE api_keys SET status = 'disabled' WHERE id = $1", [await keyExpiring(3)]);
  await sql("UPDATE api_keys SET status = 'revoked' WHERE id = $1", [await keyExpiring(3)]);
  expect(await notifyExpiringKeys(new Date())).toBe(0);
  expect(await mails()).toEqual([]);
});

it("tells again when the expiry was moved", async () => {
  const id = await keyExpiring(0.5);
  expect(await notifyExpiringKeys(new Date())).toBe(1);
  await sql("UPDATE api_keys SET expires_at = $2 WHERE id = $1", [id, new Date(Date.now() + 20 * dayMs)]);
  expect(await notifyExpiringKeys(new Date())).toBe(1);
});
