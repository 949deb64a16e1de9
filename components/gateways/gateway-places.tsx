import type { Gateway } from "#lib/gateways/contract";
import { Badge } from "@/components/ui/badge";

/** The hosts a gateway serves: the portal's own, its domains, or any that reaches the gateway's port. */
export function GatewayPlaces({
  gateway,
  shownMax = Number.POSITIVE_INFINITY,
}: {
  gateway: Gateway;
  shownMax?: number;
}) {
  const { domains, serve_on_portal } = gateway;
  const hidden = domains.slice(shownMax);
  return (
    <span className="flex min-w-0 flex-wrap gap-1">
      {serve_on_portal && <Badge tone="accent">Portal</Badge>}
      {domains.slice(0, shownMax).map((domain) => (
        <Badge key={domain} className="min-w-0 max-w-full font-mono">
          <span className="truncate">{domain}</span>
        </Badge>
      ))}
      {hidden.length > 0 && (
        <span title={hidden.join(", ")} className="text-xs leading-5">
          and {hidden.length} more
        </span>
      )}
      {domains.length === 0 && <Badge>Any host on the gateway port</Badge>}
    </span>
  );
}
