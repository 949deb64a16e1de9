import type { z } from "zod";
import { effectiveLimits } from "#lib/keys/effective-limits";
import type { Partner, plainPartner } from "#lib/partners/contract";
import type { PartnerRow } from "#lib/partners/repository";
import { legacyRatesOf } from "#lib/rate-limits/legacy-rates";

export type PlainPartner = z.output<typeof plainPartner>;

/** A partner as the management API shows it. */
export function serializePartner(row: PartnerRow): Partner {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    allowed_services: row.services.map(({ name }) => name),
    service_ids: row.services.map(({ id }) => id),
    rate_limit: legacyRatesOf(effectiveLimits(null, row.limits)).rate_limit_per_minute,
    is_active: row.status === "active",
    keys_count: row.keysCount,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** The same in S4's shape: its number for an id, its time format (rules R4). */
export function plainPartnerOf(partner: Partner): PlainPartner {
  const { number, name, allowed_services, rate_limit, is_active, created_at, updated_at } = partner;
  return {
    id: number,
    name,
    allowed_services,
    rate_limit,
    is_active,
    created_at: withoutZone(created_at),
    updated_at: withoutZone(updated_at),
  };
}

/** S4 writes UTC without saying so, in whole seconds. */
const withoutZone = (time: string) => time.slice(0, "2026-01-29T12:00:00".length);
