import type { ReactNode } from "react";
import type { UsageDetail } from "#lib/usage/contract";
import { formatMeasure } from "@/components/charts/format-measure";
import { FactList } from "@/components/ui/card";
import { CopyableId } from "@/components/ui/copyable-id";
import { formatAbsolute } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";

/** Who sent a request, where it went and what went over the line. What a request did not have is left out. */
export function RequestFacts({ request }: { request: UsageDetail }) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-surface">
      <FactList facts={[...senderOf(request), ...wayOf(request), ...sizeOf(request)]} />
    </div>
  );
}

interface Fact {
  label: string;
  value: ReactNode;
}

const known = (label: string, value: ReactNode): Fact[] =>
  value === null || value === undefined || value === "" ? [] : [{ label, value }];

function senderOf(request: UsageDetail): Fact[] {
  const { api_key_id, api_key_name, account_id, account_name, ip_address, country, user_agent } = request;
  return [
    { label: "Request id", value: <CopyableId id={request.request_id} label="Copy request id" /> },
    {
      label: "Time",
      value: (
        <>
          {formatAbsolute(new Date(request.timestamp))}{" "}
          <RelativeTime time={request.timestamp} className="pl-1 text-ink-soft text-xs" />
        </>
      ),
    },
    ...known(
      "Key",
      api_key_id && (
        <TextLink href={`/keys/${api_key_id}`} prefetch={false}>
          {api_key_name ?? api_key_id}
        </TextLink>
      ),
    ),
    ...known("User", request.user_id && <code className="text-xs">{request.user_id}</code>),
    ...known("Account", account_name ?? account_id),
    { label: "Address", value: country ? `${ip_address}, ${country}` : ip_address },
    ...known("User agent", user_agent),
  ];
}

function wayOf(request: UsageDetail): Fact[] {
  const { gateway_name, gateway_id, route_path, service_name, service_id, target, attempts, is_management } = request;
  const operation = request.endpoint === "*" ? null : request.endpoint;
  return [
    ...known("Gateway", is_management ? "Management API" : (gateway_name ?? gateway_id)),
    ...known(is_management ? "Operation" : "Route", route_path ?? operation),
    ...known("Service", service_name ?? service_id),
    ...known("Target", target && <code className="break-all text-xs">{target}</code>),
    ...(attempts > 1 ? [{ label: "Attempts", value: attempts }] : []),
    ...known("API version", request.api_version),
    ...known("Cache", request.cache_status),
  ];
}

function sizeOf({ request_bytes, response_bytes, credits_used }: UsageDetail): Fact[] {
  return [
    {
      label: "Bodies",
      value: `${formatMeasure(request_bytes, "bytes")} sent, ${formatMeasure(response_bytes, "bytes")} answered`,
    },
    ...(credits_used > 0 ? [{ label: "Credits", value: formatMeasure(credits_used, "count") }] : []),
  ];
}
