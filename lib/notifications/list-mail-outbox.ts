import { openMailText } from "#lib/notifications/mail-text";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

const shownMax = 50;

export interface OutboxMail {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  createdAt: Date;
}

/** Whether anybody may read the mails that were not sent: on a demo or a developer's machine, and only if none is really sent. */
export function isMailOutboxOpen(): boolean {
  const { env } = runtime();
  return env.SMTP_URL === undefined && (env.PORTICO_DEMO || env.NODE_ENV === "development");
}

/** The latest 50 mails, newest first; null where the outbox is not for reading. */
export async function listMailOutbox(): Promise<OutboxMail[] | null> {
  if (!isMailOutboxOpen()) return null;
  const mails = await onPlatform((tx) =>
    tx.mail.findMany({ where: { sentAt: null }, orderBy: { createdAt: "desc" }, take: shownMax }),
  );
  return mails.map(({ id, recipient, subject, text, createdAt }) => ({
    id,
    recipient,
    subject,
    text: openMailText(text),
    createdAt,
  }));
}
