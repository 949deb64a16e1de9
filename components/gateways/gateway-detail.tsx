"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import type { Gateway } from "#lib/gateways/contract";
import { type GatewayDialog, GatewayDialogs, GatewayMenu } from "@/components/gateways/gateway-actions";
import { errorFormats } from "@/components/gateways/gateway-facts";
import { GatewayPlaces } from "@/components/gateways/gateway-places";
import { catalogQuery, gatewayQuery } from "@/components/gateways/gateways.queries";
import { Page } from "@/components/layout/page";
import { originsText } from "@/components/policies/policy-facts";
import { PolicySection } from "@/components/policies/policy-section";
import { ActiveStatus } from "@/components/portal/active-status";
import { usePortal } from "@/components/portal/portal-context";
import { QueryError } from "@/components/portal/query-error";
import { useDialog } from "@/components/portal/use-dialog";
import { RouteSection } from "@/components/routes/route-section";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, CardHeader, FactList } from "@/components/ui/card";
import { CopyableId } from "@/components/ui/copyable-id";
import { RelativeTime } from "@/components/ui/relative-time";

const parents = [{ label: "Gateways", href: "/operator/gateways" }];

export function GatewayDetail({ gatewayId }: { gatewayId: string }) {
  const gateway = useQuery(gatewayQuery(gatewayId));
  if (!gateway.data) {
    return (
      <Page title="Gateway" parents={parents}>
        {gateway.error && <QueryError error={gateway.error} what="gateway" onRetry={() => void gateway.refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title={gateway.data.name}
      parents={parents}
      status={<ActiveStatus isActive={gateway.data.is_active} />}
      description={gateway.data.description}
      actions={<DetailActions gateway={gateway.data} />}
    >
      {!gateway.data.is_active && (
        <Callout tone="warning">Calls to its routes are answered with 404 until you activate it again.</Callout>
      )}
      <RouteSection gateway={gateway.data} />
      <PolicySection />
      <GatewayFacts gateway={gateway.data} />
    </Page>
  );
}

function DetailActions({ gateway }: { gateway: Gateway }) {
  const router = useRouter();
  const { can } = usePortal();
  const dialog = useDialog<GatewayDialog>();
  if (!can.writeGateways) return null;
  return (
    <>
      <Button icon={<Pencil aria-hidden="true" />} onClick={() => dialog.show("edit")}>
        Edit
      </Button>
      <GatewayMenu gateway={gateway} show={dialog.show} trigger={dialog.trigger} withEdit={false} />
      <GatewayDialogs gateway={gateway} dialog={dialog} onDeleted={() => router.replace("/operator/gateways")} />
    </>
  );
}

function GatewayFacts({ gateway }: { gateway: Gateway }) {
  const catalog = useQuery(catalogQuery);
  const address = catalog.data?.data.find(({ gateway_id }) => gateway_id === gateway.id)?.base_url;
  const { cors } = gateway;
  const format = errorFormats[gateway.error_format];
  const facts = [
    ...(address ? [{ label: "Called at", value: <CopyableId id={address} label="Copy address" /> }] : []),
    { label: "Serves", value: <GatewayPlaces gateway={gateway} /> },
    {
      label: "On the portal’s host",
      value: gateway.serve_on_portal ? "Yes" : "No. A super admin decides that.",
    },
    {
      label: "Errors",
      value: (
        <>
          {format.label} <code className="wrap-anywhere pl-1 text-ink-soft text-xs">{format.description}</code>
        </>
      ),
    },
    { label: "Calls from browsers", value: cors ? originsText(cors.allowed_origins) : "Not from other origins" },
    ...(cors
      ? [
          { label: "Methods", value: <code className="text-xs">{cors.allowed_methods.join(", ")}</code> },
          { label: "Cookies along", value: cors.allow_credentials ? "Yes" : "No" },
        ]
      : []),
    { label: "Id", value: <CopyableId id={gateway.id} label="Copy gateway id" /> },
    { label: "Created", value: <RelativeTime time={gateway.created_at} /> },
    { label: "Updated", value: <RelativeTime time={gateway.updated_at} /> },
  ];
  return (
    <Card>
      <CardHeader title="Details" />
      <FactList facts={facts} />
    </Card>
  );
}
