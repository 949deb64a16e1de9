import { notifyExpiringKeys } from "#lib/keys/notify-expiring-keys";

/** Tells the owners of keys that expire soon. */
export async function notifyExpiringKeysJob(): Promise<void> {
  await notifyExpiringKeys(new Date());
}
