import type { ApiKey } from "#lib/keys/contract";
import { daysUntilExpiry } from "@/components/keys/key-facts";
import { StatusChip } from "@/components/ui/status-chip";

export const statusNames: Record<ApiKey["status"], string> = {
  active: "Active",
  disabled: "Disabled",
  expired: "Expired",
  revoked: "Revoked",
};

const tones = { active: "success", disabled: "neutral", expired: "warning", revoked: "danger" } as const;

/** The state of a key; an active one that ends within a week says so. */
export function KeyStatus({ apiKey }: { apiKey: Pick<ApiKey, "status" | "expires_at"> }) {
  const days = daysUntilExpiry(apiKey, Date.now());
  if (days === null) return <StatusChip tone={tones[apiKey.status]}>{statusNames[apiKey.status]}</StatusChip>;
  const when = days === 0 ? "today" : days === 1 ? "in 1 day" : `in ${days} days`;
  return <StatusChip tone="warning">Expires {when}</StatusChip>;
}
