"use client";

import { useQuery } from "@tanstack/react-query";
import type { ApiKey } from "#lib/keys/contract";
import { formatNumber, limitText, maskedKey, permissionText } from "@/components/keys/key-facts";
import { accountNames, accountsQuery } from "@/components/keys/keys.queries";
import { usePortal } from "@/components/portal/portal-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader, FactList } from "@/components/ui/card";
import { CopyableId } from "@/components/ui/copyable-id";
import { formatDay } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";

/** What a key is and may do. */
export function KeyFactsCard({ apiKey }: { apiKey: ApiKey }) {
  const { can } = usePortal();
  const accounts = useQuery(accountsQuery(can.readAccounts));
  const accountName = accountNames(accounts.data).get(apiKey.account_id);
  const otherLimits = apiKey.limits.filter(({ algorithm }) => algorithm !== "sliding_window");

  const facts = [
    { label: "Key", value: <code className="text-xs">{maskedKey(apiKey)}</code> },
    { label: "Id", value: <CopyableId id={apiKey.id} label="Copy key id" /> },
    ...(accountName ? [{ label: "Account", value: accountName }] : []),
    { label: "Permissions", value: permissionText(apiKey.permissions) },
    ...(apiKey.scopes.length > 0 ? [{ label: "Scopes", value: apiKey.scopes.join(", ") }] : []),
    ...(otherLimits.length > 0 ? [{ label: "Further limits", value: otherLimits.map(limitText).join(" · ") }] : []),
    { label: "Allowed addresses", value: <Addresses ranges={apiKey.allowed_ips} /> },
    ...(apiKey.status === "revoked" ? [] : [{ label: "Expires", value: <Expiry time={apiKey.expires_at} /> }]),
    { label: "Last used", value: <LastUse apiKey={apiKey} /> },
    { label: "Requests in all", value: formatNumber(apiKey.total_requests) },
    { label: "Created", value: <DateAndAge time={apiKey.created_at} /> },
    ...(apiKey.rotated_at ? [{ label: "Rotated", value: <DateAndAge time={apiKey.rotated_at} /> }] : []),
    ...(apiKey.revoked_at ? [{ label: "Revoked", value: <DateAndAge time={apiKey.revoked_at} /> }] : []),
  ];
  return (
    <Card>
      <CardHeader title="Details" />
      <FactList facts={facts} />
    </Card>
  );
}

/** The day, which a phone cannot ask for by hovering, and how far away it is. */
function DateAndAge({ time }: { time: string }) {
  return (
    <>
      {formatDay(new Date(time))} <RelativeTime time={time} className="pl-1 text-ink-soft text-xs" />
    </>
  );
}

function Expiry({ time }: { time: string | null }) {
  return time === null ? "Never" : <DateAndAge time={time} />;
}

function Addresses({ ranges }: { ranges: readonly string[] }) {
  if (ranges.length === 0) return "Any";
  return (
    <span className="flex flex-wrap gap-1">
      {ranges.map((range) => (
        <Badge key={range} className="font-mono">
          {range}
        </Badge>
      ))}
    </span>
  );
}

function LastUse({ apiKey: { last_used, last_used_ip } }: { apiKey: ApiKey }) {
  if (last_used === null) return "Never";
  return (
    <>
      <RelativeTime time={last_used} />
      {last_used_ip && ` from ${last_used_ip}`}
    </>
  );
}
