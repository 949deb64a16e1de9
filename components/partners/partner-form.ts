import type { CreatePartnerBody, Partner } from "#lib/partners/contract";
import { numberOf, textOf } from "@/components/portal/use-body-form";

/** What the form about a partner holds, under the names of the body. */
export interface PartnerValues {
  name: string;
  service_ids: string[];
  /** Requests per minute. */
  rate_limit: string;
}

export const partnerLabels = { name: "Name", service_ids: "Services", rate_limit: "Requests per minute" };

const defaultPerMinute = 60;

export function partnerValues(partner?: Partner): PartnerValues {
  return {
    name: partner?.name ?? "",
    service_ids: partner?.service_ids ?? [],
    rate_limit: partner ? textOf(partner.rate_limit) : String(defaultPerMinute),
  };
}

/** A limit that was left empty stays: a partner may have limits of another kind. */
export function partnerBodyOf({ name, service_ids, rate_limit }: PartnerValues): CreatePartnerBody {
  const perMinute = numberOf(rate_limit);
  return { name: name.trim(), service_ids, ...(perMinute !== undefined && { rate_limit: perMinute }) };
}
