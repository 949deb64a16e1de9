import { newId } from "#lib/core/ids";
import { sealMailText } from "#lib/notifications/mail-text";
import type { Db } from "#lib/platform/db";

/** A mail to one person. `recipient` is a canonical e-mail address; `text` is plain text. */
export interface NewMail {
  recipient: string;
  subject: string;
  text: string;
}

/** Writes a mail and the job that sends it, in the transaction of what it is about (on the platform handle: mails are global). */
export async function queueMail(tx: Db, { recipient, subject, text }: NewMail, now: Date): Promise<void> {
  const id = newId("mail");
  await tx.mail.create({ data: { id, recipient, subject, text: sealMailText(text), createdAt: now } });
  await tx.$executeRaw`SELECT portico.enqueue('deliver_mail', json_build_object('mail_id', ${id}::text), ${id}::text)`;
}
