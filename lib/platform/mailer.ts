import { createTransport } from "nodemailer";
import type { Env } from "#lib/platform/env";

/** A mail as it leaves. `id` makes its Message-ID, so a mail that is sent twice after a crash arrives as one. */
export interface OutgoingMail {
  id: string;
  recipient: string;
  subject: string;
  text: string;
}

export interface Mailer {
  /** Rejects when the server did not take the mail. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    /** Null without SMTP_URL: mails stay in the outbox. */
    mailer: Mailer | null;
  }
}

const waitMs = 10_000;

/** The way to the SMTP server of SMTP_URL, or null. Nothing is connected before the first mail. */
export function openMailer(env: Pick<Env, "SMTP_URL" | "MAIL_FROM" | "PUBLIC_URL">): Mailer | null {
  if (env.SMTP_URL === undefined) return null;
  const transport = createTransport({
    url: env.SMTP_URL,
    pool: true,
    maxConnections: 2,
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { hostname } = new URL(env.PUBLIC_URL);
  return {
    async send({ id, recipient, subject, text }) {
      // As an object, so that nothing in the address is parsed as a list of addresses.
      await transport.sendMail({
        from: env.MAIL_FROM,
        to: { name: "", address: recipient },
        subject,
        text,
        messageId: `<${id}@${hostname}>`,
      });
    },
    close: () => transport.close(),
  };
}
