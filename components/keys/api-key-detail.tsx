"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil, RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ApiKey } from "#lib/keys/contract";
import { type KeyDialog, KeyDialogs, KeyMenu } from "@/components/keys/key-actions";
import { KeyFactsCard } from "@/components/keys/key-facts-card";
import { KeyLimitsCard } from "@/components/keys/key-limits-card";
import { KeyRefusalsCard } from "@/components/keys/key-refusals-card";
import { keyVariable, whoAmISample } from "@/components/keys/key-sample";
import { KeyStatus } from "@/components/keys/key-status";
import { KeyTotals, KeyUsageCard } from "@/components/keys/key-usage-card";
import { apiKeyQuery } from "@/components/keys/keys.queries";
import { PreviousSecretCard } from "@/components/keys/previous-secret-card";
import { Page } from "@/components/layout/page";
import { liveMs } from "@/components/portal/live";
import { usePortal } from "@/components/portal/portal-context";
import { QueryError } from "@/components/portal/query-error";
import { useDialog } from "@/components/portal/use-dialog";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";

const parents = [{ label: "API keys", href: "/keys" }];

export function ApiKeyDetail({ keyId }: { keyId: string }) {
  const { apiUrl } = usePortal();
  const key = useQuery({ ...apiKeyQuery(keyId), refetchInterval: liveMs });
  if (!key.data) {
    return (
      <Page title="API key" parents={parents}>
        {key.error && <QueryError error={key.error} what="API key" onRetry={() => void key.refetch()} />}
      </Page>
    );
  }
  const apiKey = key.data;
  return (
    <Page
      title={apiKey.name}
      parents={parents}
      status={<KeyStatus apiKey={apiKey} />}
      description={apiKey.description}
      actions={<DetailActions apiKey={apiKey} />}
    >
      {apiKey.previous_key && <PreviousSecretCard previous={apiKey.previous_key} current={apiKey} />}
      <KeyTotals keyId={apiKey.id} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex flex-col gap-6">
          <KeyUsageCard keyId={apiKey.id} />
          <KeyRefusalsCard keyId={apiKey.id} />
        </div>
        <div className="flex flex-col gap-6">
          {apiKey.status !== "revoked" && <KeyLimitsCard keyId={apiKey.id} />}
          <KeyFactsCard apiKey={apiKey} />
        </div>
      </div>
      {apiKey.status !== "revoked" && <CodeBlock label="Call with this key" code={whoAmISample(apiUrl, keyVariable)} />}
    </Page>
  );
}

function DetailActions({ apiKey }: { apiKey: ApiKey }) {
  const router = useRouter();
  const { can } = usePortal();
  const dialog = useDialog<KeyDialog>();
  if (!can.writeKeys) return null;
  const isFinal = apiKey.status === "revoked";
  return (
    <>
      {!isFinal && (
        <Button icon={<Pencil aria-hidden="true" />} onClick={() => dialog.show("edit")}>
          Edit
        </Button>
      )}
      {!isFinal && apiKey.status !== "expired" && (
        <Button icon={<RefreshCw aria-hidden="true" />} onClick={() => dialog.show("rotate")}>
          Rotate
        </Button>
      )}
      <KeyMenu apiKey={apiKey} show={dialog.show} trigger={dialog.trigger} without={["edit", "rotate"]} />
      <KeyDialogs apiKey={apiKey} dialog={dialog} onDeleted={() => router.replace("/keys")} />
    </>
  );
}
