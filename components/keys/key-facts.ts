import type { ApiKey } from "#lib/keys/contract";
import type { LimitBody } from "#lib/rate-limits/limit-body";

const wholeNumber = new Intl.NumberFormat("en");
const windowNames: Readonly<Record<number, string>> = { 1: "second", 60: "minute", 3600: "hour", 86400: "day" };
const shortNames: Readonly<Record<number, string>> = { 1: "s", 60: "min", 3600: "h", 86400: "day" };

export const formatNumber = (value: number): string => wholeNumber.format(value);

/** The secret as it may be shown: `ak_7Yb2…wX9z`. */
export function maskedKey({ key_prefix, key_last4 }: Pick<ApiKey, "key_prefix" | "key_last4">): string {
  return `${key_prefix}…${key_last4}`;
}

/** "minute", "10 minutes", "90 seconds". */
export function windowName(seconds: number): string {
  const unit = [86_400, 3_600, 60, 1].find((length) => seconds % length === 0) ?? 1;
  const count = seconds / unit;
  return count === 1 ? (windowNames[unit] ?? "second") : `${formatNumber(count)} ${windowNames[unit]}s`;
}

/** One limit in a few characters: `60/min`, `100/10 minutes`, `5/s, burst 20`. */
export function limitText({ limit, window_seconds, refill_rate, burst }: LimitBody): string {
  if (refill_rate !== undefined)
    return `${formatNumber(refill_rate)}/s${burst ? `, burst ${formatNumber(burst)}` : ""}`;
  const rate = `${formatNumber(limit ?? 0)}/${shortNames[window_seconds ?? 60] ?? windowName(window_seconds ?? 60)}`;
  return burst ? `${rate}, burst ${formatNumber(burst)}` : rate;
}

/** What the key may do, in one or two words. */
export function permissionText({ read, write, admin }: ApiKey["permissions"]): string {
  if (read && write) return admin ? "Read, write, admin" : "Read and write";
  const words = [read && "Read only", write && "Write only", admin && "Admin"].filter(Boolean);
  return words.join(", ") || "None";
}

const dayMs = 86_400_000;

/** Whether a key was used in the last 24 hours: then ending it breaks something that runs. */
export function isInUse({ last_used }: Pick<ApiKey, "last_used">, nowMs: number): boolean {
  return last_used !== null && nowMs - Date.parse(last_used) < dayMs;
}

/** Whole days until an active key expires, where that is 7 or fewer; else null. */
export function daysUntilExpiry({ status, expires_at }: Pick<ApiKey, "status" | "expires_at">, nowMs: number) {
  if (status !== "active" || expires_at === null) return null;
  const days = Math.floor((Date.parse(expires_at) - nowMs) / dayMs);
  return days <= 7 ? Math.max(days, 0) : null;
}
