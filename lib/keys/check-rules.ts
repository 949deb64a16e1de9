import type { Actor } from "#lib/core/actor";
import { invalidField } from "#lib/core/errors";
import { canonicalRange } from "#lib/core/ip-addresses";
import type { KeyRules } from "#lib/keys/contract";
import type { Context } from "#lib/platform/context";
import { findServicesByReference } from "#lib/services/find-services";

export interface KeyFlags {
  read: boolean;
  write: boolean;
  admin: boolean;
}

/** Rules of a key as they are stored. Absent: not written. */
export interface CheckedRules {
  permissions: KeyFlags;
  scopes?: string[];
  serviceIds?: string[] | null;
  allowedIps?: string[];
  expiresAt?: Date | null;
}

const defaultFlags: KeyFlags = { read: true, write: true, admin: false };

/**
 * Checks what a caller writes about a key and makes it canonical. Refuses at the field: an expiry in the past, an address that
 * is none, a service that is not there. Whether the caller may give so much is asked of the whole key (key-powers.ts).
 */
export async function checkRules(ctx: Context, written: KeyRules, current: KeyFlags | null): Promise<CheckedRules> {
  const permissions = { ...(current ?? grantedByDefault(ctx.actor)), ...definedFlags(written.permissions) };
  return {
    permissions,
    ...(written.scopes !== undefined && { scopes: [...new Set(written.scopes)] }),
    ...(written.service_ids !== undefined && { serviceIds: await checkServices(ctx, written.service_ids) }),
    ...(written.allowed_ips !== undefined && { allowedIps: written.allowed_ips.map(checkRange) }),
    ...(written.expires_at !== undefined && { expiresAt: checkExpiry(written.expires_at, ctx.now) }),
  };
}

/** What is not asked for is granted as far as the caller can. */
function grantedByDefault({ grants }: Actor): KeyFlags {
  return { read: grants.read && defaultFlags.read, write: grants.write && defaultFlags.write, admin: false };
}

function definedFlags(flags: KeyRules["permissions"]): Partial<KeyFlags> {
  return Object.fromEntries(Object.entries(flags ?? {}).filter(([, value]) => value !== undefined));
}

async function checkServices(ctx: Context, references: KeyRules["service_ids"]): Promise<string[] | null> {
  if (!references) return null;
  const services = await findServicesByReference(ctx.db, ctx.actor.tenantId, references);
  const unknown = references.findIndex((reference) => !services.has(String(reference)));
  if (unknown !== -1) throw invalidField(`service_ids/${unknown}`, "is not a service of this tenant");
  return [...new Set(references.map((reference) => services.get(String(reference)) as string))];
}

function checkRange(text: string, at: number): string {
  const range = canonicalRange(text.trim());
  if (range === undefined)
    throw invalidField(`allowed_ips/${at}`, "must be an IPv4 or IPv6 address or a CIDR range, such as 203.0.113.0/24");
  return range;
}

function checkExpiry(text: string | null, now: Date): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt <= now) throw invalidField("expires_at", "must be in the future");
  return expiresAt;
}
