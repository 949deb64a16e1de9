import { recordEvent } from "#lib/events/record-event";
import { type ExpiringKey, findExpiringKeys, markNoticeSent } from "#lib/keys/expiring-keys";
import { queueMail } from "#lib/notifications/queue-mail";
import { onPlatform } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/** How many days ahead the owners of a key are told of its expiry (K5). */
export const noticeDays = [30, 7, 1] as const;

/**
 * Mails the owners of every key that expires soon, once for each of 30, 7 and 1 days ahead. A key that was made for less time than
 * a notice is ahead gets no such notice: nobody wants to be told of what they just chose. Harmless to run twice or at once.
 * Returns how many keys were told of.
 */
export async function notifyExpiringKeys(now: Date): Promise<number> {
  let told = 0;
  for (const key of await onPlatform((tx) => findExpiringKeys(tx, now, noticeDays))) {
    told += await onPlatform(async (tx) => {
      if (!(await markNoticeSent(tx, key, now))) return 0;
      for (const recipient of key.recipients) await queueMail(tx, expiryMail(recipient, key), now);
      const data = { id: key.id, name: key.name, expires_at: key.expiresAt.toISOString(), days_ahead: key.daysAhead };
      await recordEvent(tx, { tenantId: key.tenantId, accountId: key.accountId, type: "api_key.expiring", data, now });
      return 1;
    });
  }
  return told;
}

function expiryMail(recipient: string, key: ExpiringKey) {
  const { PUBLIC_URL } = runtime().env;
  const days = key.daysAhead === 1 ? "a day" : `${key.daysAhead} days`;
  return {
    recipient,
    subject: `API key "${key.name}" expires in less than ${days}`,
    text:
      `The API key "${key.name}" (${key.keyPrefix}…${key.keyLast4}) expires on ${key.expiresAt.toISOString().slice(0, 16).replace("T", " ")} UTC. ` +
      `Calls with it are refused from then on.\n\nGive it a later expiry, or create another key:\n${PUBLIC_URL}/keys/${key.id}\n`,
  };
}
