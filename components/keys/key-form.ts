import type { FieldError } from "#lib/core/errors";
import type { ApiKey, CreateApiKeyBody, UpdateApiKeyBody } from "#lib/keys/contract";
import { windowName } from "@/components/keys/key-facts";

/** What the forms about a key hold: texts, as they were typed. */
export interface KeyFormValues {
  name: string;
  description: string;
  /** Empty: the own account. */
  accountId: string;
  preset: "read" | "read-write" | "custom";
  read: boolean;
  write: boolean;
  admin: boolean;
  perMinute: string;
  perHour: string;
  perDay: string;
  expiry: Expiry;
  /** One address or range a line. */
  allowedIps: string;
}

export type Expiry = "keep" | "7" | "30" | "90" | "365" | "never";

export interface Rates {
  minute: number | null;
  hour: number | null;
  day: number | null;
}

export const rateFields = [
  { name: "perMinute", window: "minute", member: "rate_limit_per_minute", seconds: 60 },
  { name: "perHour", window: "hour", member: "rate_limit_per_hour", seconds: 3600 },
  { name: "perDay", window: "day", member: "rate_limit_per_day", seconds: 86_400 },
] as const;

const dayMs = 86_400_000;
const rateMax = 1_000_000_000;
const textOf = (rate: number | null) => (rate === null ? "" : String(rate));

export function newKeyValues(defaults: Rates): KeyFormValues {
  return {
    name: "",
    description: "",
    accountId: "",
    preset: "read-write",
    read: true,
    write: true,
    admin: false,
    perMinute: textOf(defaults.minute),
    perHour: textOf(defaults.hour),
    perDay: textOf(defaults.day),
    expiry: "90",
    allowedIps: "",
  };
}

export function valuesOfKey(key: ApiKey): KeyFormValues {
  const { read, write, admin } = key.permissions;
  return {
    name: key.name,
    description: key.description ?? "",
    accountId: key.account_id,
    preset: "custom",
    read,
    write,
    admin,
    perMinute: textOf(key.rate_limit_per_minute),
    perHour: textOf(key.rate_limit_per_hour),
    perDay: textOf(key.rate_limit_per_day),
    expiry: "keep",
    allowedIps: key.allowed_ips.join("\n"),
  };
}

/**
 * What is sent to make the key. Limits left at the defaults are not sent: the key then follows the defaults when the operator
 * changes them.
 */
export function createBodyOf(values: KeyFormValues, defaults: Rates, now: Date): CreateApiKeyBody {
  const isDefault = rateFields.every(({ name, window }) => values[name].trim() === textOf(defaults[window]));
  const allowedIps = linesOf(values.allowedIps);
  const expiresAt = expiryOf(values.expiry, now);
  return {
    name: values.name,
    ...(values.description.trim() && { description: values.description }),
    ...(values.accountId && { account_id: values.accountId }),
    permissions: permissionsOf(values),
    ...(!isDefault && ratesOf(values)),
    ...(allowedIps.length > 0 && { allowed_ips: allowedIps }),
    ...(expiresAt && { expires_at: expiresAt }),
  };
}

/** What is sent to change a key: only what differs from how it is. */
export function updateBodyOf(values: KeyFormValues, key: ApiKey, now: Date): UpdateApiKeyBody {
  const before = valuesOfKey(key);
  const isChanged = (name: keyof KeyFormValues) => values[name] !== before[name];
  return {
    ...(isChanged("name") && { name: values.name }),
    ...(isChanged("description") && { description: values.description.trim() || null }),
    ...(rateFields.some(({ name }) => isChanged(name)) && ratesOf(values)),
    ...(isChanged("allowedIps") && { allowed_ips: linesOf(values.allowedIps) }),
    ...(values.expiry !== "keep" && { expires_at: expiryOf(values.expiry, now) }),
  };
}

function permissionsOf({ preset, read, write, admin }: KeyFormValues) {
  if (preset === "custom") return { read, write, admin };
  return { read: true, write: preset === "read-write", admin: false };
}

function ratesOf(values: KeyFormValues) {
  return Object.fromEntries(rateFields.map(({ name, member }) => [member, Number(values[name]) || null]));
}

function expiryOf(expiry: Expiry, now: Date): string | null {
  const days = Number(expiry);
  return Number.isInteger(days) ? new Date(now.getTime() + days * dayMs).toISOString() : null;
}

const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);

/** Why the text of a limit cannot be sent; undefined when it can. Empty means: no such limit. */
export function rateProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const isRate = /^\d{1,10}$/.test(trimmed) && Number(trimmed) >= 1 && Number(trimmed) <= rateMax;
  return isRate ? undefined : "Enter a whole number from 1, or leave it empty.";
}

/** A key must have some limit: without any the server would fall back to the defaults, which is not what was asked. */
export function hasNoRate(values: KeyFormValues): boolean {
  return rateFields.every(({ name }) => values[name].trim() === "");
}

const fieldOfMember: Readonly<Record<string, keyof KeyFormValues>> = {
  name: "name",
  description: "description",
  account_id: "accountId",
  permissions: "preset",
  rate_limit_per_minute: "perMinute",
  rate_limit_per_hour: "perHour",
  rate_limit_per_day: "perDay",
  expires_at: "expiry",
  allowed_ips: "allowedIps",
};

/** Sorts what the server refused to the fields of the form; `rest` belongs to none of them. */
export function placeFieldErrors(errors: readonly FieldError[], sentIps: string) {
  const byField = new Map<keyof KeyFormValues, string>();
  const rest: string[] = [];
  for (const { pointer, detail } of errors) {
    const [member = "", index] = pointer.replace(/^#?\//, "").split("/");
    const field = fieldOfMember[member];
    if (!field) rest.push(`${member}: ${detail}`);
    else if (!byField.has(field))
      byField.set(field, sentence(field === "allowedIps" ? aboutLine(sentIps, index) : "", detail));
  }
  return { byField, rest };
}

function aboutLine(sentIps: string, index: string | undefined): string {
  const line = linesOf(sentIps)[Number(index)];
  return line === undefined ? "" : `“${line}” `;
}

/** The server's words are half a sentence about the field: "must not be empty". */
function sentence(subject: string, detail: string): string {
  const text = `${subject}${detail}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

export const rateLabel = (seconds: number) => `Per ${windowName(seconds)}`;
