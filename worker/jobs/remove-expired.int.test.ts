import { afterAll, beforeAll, expect, test } from "vitest";
import { composeIdentity, createPerson, sql } from "#test/identity";
import { removeExpiredJob } from "#worker/jobs/remove-expired";

let close: () => Promise<void>;
beforeAll(async () => {
  close = await composeIdentity();
});
afterAll(() => close());

const ago = (days: number) => new Date(Date.now() - days * 86_400_000);

test("mails go 30 days after they were sent; those nobody took, after 7 days", async () => {
  const insert = (id: string, created: number, sent: number | null) =>
    sql(
      "INSERT INTO mails (id, recipient, subject, text, created_at, sent_at) VALUES ($1, 'a@example.com', '', '', $2, $3)",
      [id, ago(created), sent === null ? null : ago(sent)],
    );
  await insert("sent long ago", 31, 31);
  await insert("sent a month ago, nearly", 40, 29);
  await insert("waiting for over a week", 8, null);
  await insert("waiting for nearly a week", 6, null);
  await removeExpiredJob();
  const left = await sql<{ id: string }>("SELECT id FROM mails ORDER BY id");
  expect(left.map(({ id }) => id)).toEqual(["sent a month ago, nearly", "waiting for nearly a week"]);
});

test("links and sessions go when they are over", async () => {
  const { userId } = await createPerson();
  for (const [name, days] of [
    ["over", 1],
    ["good", -1],
  ] as const) {
    await sql("INSERT INTO verifications (hash, user_id, purpose, expires_at) VALUES ($1, $2, 'verify_email', $3)", [
      Buffer.from(name),
      userId,
      ago(days),
    ]);
    await sql("INSERT INTO sessions (id, user_id, kind, expires_at) VALUES ($1, $2, 'browser', $3)", [
      name,
      userId,
      ago(days),
    ]);
  }
  await removeExpiredJob();
  expect(await sql("SELECT convert_from(hash, 'UTF8') AS name FROM verifications")).toEqual([{ name: "good" }]);
  expect(await sql("SELECT id AS name FROM sessions")).toEqual([{ name: "good" }]);
});
