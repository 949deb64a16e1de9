import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { deliverMail } from "#lib/notifications/deliver-mail";
import { listMailOutbox } from "#lib/notifications/list-mail-outbox";
import { queueMail } from "#lib/notifications/queue-mail";
import { onPlatform } from "#lib/platform/db";
import { openMailer } from "#lib/platform/mailer";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { composeIdentity, sql } from "#test/identity";
import { jobs } from "#worker/schedule";

let close: () => Promise<void>;
let server: SmtpServer;
beforeAll(async () => {
  close = await composeIdentity();
  server = await startSmtpServer();
});
afterAll(async () => {
  await close();
  server.close();
});
afterEach(() => {
  runtime().mailer?.close();
  composeRuntime({ mailer: null });
});

const now = new Date("2026-11-20T12:00:00Z");
const mail = {
  recipient: "ada@example.com",
  subject: "Grüße",
  text: "Open http://localhost:3000/verify-email?token=ver_secret to confirm.\n",
};

async function queueOne(): Promise<string> {
  await onPlatform((tx) => queueMail(tx, mail, new Date()));
  const [row] = await sql<{ id: string }>("SELECT id FROM mails ORDER BY created_at DESC LIMIT 1");
  return row?.id ?? "";
}

const sendThroughServer = () =>
  composeRuntime({ mailer: openMailer({ ...runtime().env, SMTP_URL: `smtp://127.0.0.1:${server.port}` }) });

test("without an SMTP server a mail stays in the outbox, readable there and encrypted in the database", async () => {
  expect(runtime().mailer).toBeNull();
  const id = await queueOne();
  await deliverMail(id, now);
  const [row] = await sql("SELECT text, sent_at FROM mails WHERE id = $1", [id]);
  expect(row).toMatchObject({ sent_at: null, text: expect.not.stringContaining("ver_secret") });
  expect((await listMailOutbox())?.[0]).toMatchObject({ id, ...mail });
});

test("with one it is sent, once, and its text is removed", async () => {
  const id = await queueOne();
  sendThroughServer();
  await deliverMail(id, now);
  await deliverMail(id, now);
  expect(server.received).toHaveLength(1);
  expect(server.received[0]?.recipients).toEqual(["ada@example.com"]);
  expect(server.received[0]?.data).toContain(`Message-ID: <${id}@localhost>`);
  expect(server.received[0]?.data).toContain("verify-email?token=ver_secret to confirm.");
  expect(await sql("SELECT sent_at, text FROM mails WHERE id = $1", [id])).toEqual([{ sent_at: now, text: "" }]);
});

test("a mail the server does not take stays, and the job fails so that it is tried again", async () => {
  const id = await queueOne();
  sendThroughServer();
  server.isRefusing = true;
  await expect(deliverMail(id, now)).rejects.toThrow();
  expect(await sql("SELECT sent_at FROM mails WHERE id = $1", [id])).toEqual([{ sent_at: null }]);
  server.isRefusing = false;
  await deliverMail(id, now);
  expect(await sql("SELECT sent_at FROM mails WHERE id = $1", [id])).toEqual([{ sent_at: now }]);
});

test("a mail that is not there is nothing to do", async () => {
  sendThroughServer();
  await deliverMail("mail_gone", now);
});

test("the outbox is for reading on a demo or in development without SMTP only", async () => {
  const { env } = runtime();
  const isOpen = async (settings: object) => {
    composeRuntime({ env: { ...env, ...settings } });
    return (await listMailOutbox()) !== null;
  };
  try {
    expect(await isOpen({ PORTICO_DEMO: false, NODE_ENV: "development" })).toBe(true);
    expect(await isOpen({ PORTICO_DEMO: true, NODE_ENV: "production" })).toBe(true);
    expect(await isOpen({ PORTICO_DEMO: false, NODE_ENV: "production" })).toBe(false);
    expect(await isOpen({ PORTICO_DEMO: true, SMTP_URL: "smtp://mail.example" })).toBe(false);
  } finally {
    composeRuntime({ env });
  }
});

test("the queued job is one the worker knows, and it sends the mail", async () => {
  const id = await queueOne();
  sendThroughServer();
  const client = await runtime().postgres.platform.connect();
  try {
    await client.query("SET ROLE NONE"); // the queue's tables are the owner's alone
    const { rows } = await client.query(
      "SELECT t.identifier, j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE j.key = $1",
      [id],
    );
    expect(rows).toHaveLength(1);
    const job = jobs.find(({ task }) => task === rows[0]?.identifier);
    expect(job).toBeDefined();
    await job?.run(rows[0]?.payload, undefined as never);
  } finally {
    client.release(true);
  }
  expect(await sql("SELECT FROM mails WHERE id = $1 AND sent_at IS NOT NULL", [id])).toHaveLength(1);
});

interface SmtpServer {
  port: number;
  received: { recipients: string[]; data: string }[];
  isRefusing: boolean;
  close(): void;
}

/** As much of RFC 5321 as takes a mail. */
async function startSmtpServer(): Promise<SmtpServer> {
  const state: SmtpServer = { port: 0, received: [], isRefusing: false, close: () => undefined };
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    converse(socket, state);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.port = (server.address() as AddressInfo).port;
  state.close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return state;
}

function converse(socket: Socket, state: SmtpServer): void {
  const mail = { recipients: [] as string[], data: undefined as string | undefined };
  socket.on("error", () => undefined);
  socket.write("220 test\r\n");
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    const reply = answerTo(line, mail, state);
    if (reply) socket.write(`${reply}\r\n`);
  });
}

function answerTo(
  line: string,
  mail: { recipients: string[]; data: string | undefined },
  state: SmtpServer,
): string | undefined {
  if (mail.data !== undefined && line !== ".") {
    mail.data += `${line}\r\n`;
    return undefined;
  }
  if (line === ".") state.received.push({ recipients: mail.recipients.splice(0), data: mail.data ?? "" });
  mail.data = line === "DATA" ? "" : undefined;
  if (line === "DATA") return "354 go on";
  if (!line.startsWith("RCPT")) return "250 ok";
  if (state.isRefusing) return "451 later";
  mail.recipients.push(/<(.*)>/.exec(line)?.[1] ?? "");
  return "250 ok";
}
