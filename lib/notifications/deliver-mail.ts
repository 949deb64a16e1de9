import { openMailText } from "#lib/notifications/mail-text";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/**
 * Sends one mail of the outbox, at least once. Without an SMTP server it stays there, unsent. Once sent its text is removed: it may
 * hold a link that is still good. Rejects when the server did not take it, so that the job is tried again.
 */
export async function deliverMail(mailId: string, now: Date): Promise<void> {
  const { mailer } = runtime();
  if (mailer === null) return;
  const mail = await onPlatform((tx) => tx.mail.findUnique({ where: { id: mailId } }));
  if (!mail || mail.sentAt !== null) return;
  await mailer.send({ ...mail, text: openMailText(mail.text) });
  await onPlatform((tx) => tx.mail.update({ where: { id: mailId }, data: { sentAt: now, text: "" } }));
}
