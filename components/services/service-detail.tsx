"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { Service } from "#lib/services/contract";
import { formatNumber } from "@/components/keys/key-facts";
import { Page } from "@/components/layout/page";
import { ActiveStatus } from "@/components/portal/active-status";
import { countText } from "@/components/portal/count-text";
import { usePortal } from "@/components/portal/portal-context";
import { QueryError } from "@/components/portal/query-error";
import { useDialog } from "@/components/portal/use-dialog";
import { type ServiceDialog, ServiceDialogs, ServiceMenu } from "@/components/services/service-actions";
import { serviceQuery } from "@/components/services/services.queries";
import { TargetSection } from "@/components/services/target-table";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, CardHeader, FactList } from "@/components/ui/card";
import { CopyableId } from "@/components/ui/copyable-id";
import { RelativeTime } from "@/components/ui/relative-time";

const parents = [{ label: "Services", href: "/operator/services" }];

export function ServiceDetail({ serviceId }: { serviceId: string }) {
  const service = useQuery(serviceQuery(serviceId));
  if (!service.data) {
    return (
      <Page title="Service" parents={parents}>
        {service.error && <QueryError error={service.error} what="service" onRetry={() => void service.refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title={service.data.display_name}
      parents={parents}
      status={<ActiveStatus isActive={service.data.is_active} />}
      description={service.data.description}
      actions={<DetailActions service={service.data} />}
    >
      {!service.data.is_active && (
        <Callout tone="warning">Calls to it are answered with 503 until you activate it again.</Callout>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <TargetSection service={service.data} />
        <ServiceFacts service={service.data} />
      </div>
    </Page>
  );
}

function DetailActions({ service }: { service: Service }) {
  const router = useRouter();
  const { can } = usePortal();
  const dialog = useDialog<ServiceDialog>();
  if (!can.writeServices) return null;
  return (
    <>
      <Button icon={<Pencil aria-hidden="true" />} onClick={() => dialog.show("edit")}>
        Edit
      </Button>
      <ServiceMenu service={service} show={dialog.show} trigger={dialog.trigger} withEdit={false} />
      <ServiceDialogs service={service} dialog={dialog} onDeleted={() => router.replace("/operator/services")} />
    </>
  );
}

function ServiceFacts({ service }: { service: Service }) {
  const facts = [
    { label: "Name", value: <code className="text-xs">{service.name}</code> },
    { label: "Number", value: service.number },
    { label: "Id", value: <CopyableId id={service.id} label="Copy service id" /> },
    { label: "Base URL", value: <code className="wrap-anywhere text-xs">{service.base_url}</code> },
    {
      label: "Routes",
      value:
        service.routes_count === 0 ? (
          "None leads to it"
        ) : (
          <Link href="/operator/gateways" className="rounded-xs underline decoration-line-strong underline-offset-2">
            {countText(service.routes_count, "route")}
          </Link>
        ),
    },
    { label: "Time to connect", value: `${formatNumber(service.connect_timeout_ms)} ms` },
    { label: "Time to first byte", value: `${formatNumber(service.response_timeout_ms)} ms` },
    {
      label: "Time in all",
      value: service.total_timeout_ms === null ? "No limit" : `${formatNumber(service.total_timeout_ms)} ms`,
    },
    { label: "Created", value: <RelativeTime time={service.created_at} /> },
    { label: "Updated", value: <RelativeTime time={service.updated_at} /> },
  ];
  return (
    <Card>
      <CardHeader title="Details" />
      <FactList facts={facts} />
    </Card>
  );
}
