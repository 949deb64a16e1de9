"use client";

import type { ApiKey } from "#lib/keys/contract";
import { formatNumber, isInUse } from "@/components/keys/key-facts";
import { useChangeKeyState, useDeleteApiKey } from "@/components/keys/keys.queries";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { showToast } from "@/components/ui/toast";

interface EndKeyDialogProps {
  apiKey: ApiKey;
  open: boolean;
  onClose: () => void;
}

/** Refuses the key's calls until somebody enables it again. */
export function DisableKeyDialog({ apiKey, open, onClose }: EndKeyDialogProps) {
  const change = useChangeKeyState(apiKey.id);
  const disable = () => change.mutate("disable", { onSuccess: () => done(onClose, `${apiKey.name} disabled`) });
  return (
    <ConfirmDialog
      title={`Disable ${apiKey.name}?`}
      consequence="Calls with it are refused within a second, until you enable it again."
      confirmLabel="Disable key"
      tone="neutral"
      open={open}
      onOpenChange={onClose}
      onConfirm={disable}
      pending={change.isPending}
      error={<Problem error={change.error} />}
    >
      <Use apiKey={apiKey} />
    </ConfirmDialog>
  );
}

/** Ends the key for good. Offers the way back first; asks for its name when something still calls with it. */
export function RevokeKeyDialog({ apiKey, open, onClose }: EndKeyDialogProps) {
  const change = useChangeKeyState(apiKey.id);
  const revoke = () => change.mutate("revoke", { onSuccess: () => done(onClose, `${apiKey.name} revoked`) });
  const disable = () => change.mutate("disable", { onSuccess: () => done(onClose, `${apiKey.name} disabled`) });
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      consequence="Calls with it are refused within a second, for good: a revoked key cannot be enabled again."
      confirmLabel="Revoke key"
      open={open}
      onOpenChange={onClose}
      onConfirm={revoke}
      pending={change.isPending}
      error={<Problem error={change.error} />}
      {...(isInUse(apiKey, Date.now()) ? { typeToConfirm: apiKey.name } : {})}
    >
      <Use apiKey={apiKey} />
      {apiKey.status === "active" && (
        <Callout
          tone="accent"
          title="Not sure?"
          action={
            <Button size="sm" disabled={change.isPending} onClick={disable}>
              Disable instead
            </Button>
          }
        >
          Disabling stops it as quickly, and can be undone.
        </Callout>
      )}
    </ConfirmDialog>
  );
}

/** Takes the key out of every list. `onDeleted` runs after the dialog closed: a detail page has to leave. */
export function DeleteKeyDialog({ apiKey, open, onClose, onDeleted }: EndKeyDialogProps & { onDeleted?: () => void }) {
  const remove = useDeleteApiKey(apiKey.id);
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        done(onClose, `${apiKey.name} deleted`);
        onDeleted?.();
      },
    });
  const works = apiKey.status === "active";
  return (
    <ConfirmDialog
      title={`Delete ${apiKey.name}?`}
      consequence={
        works
          ? "It is revoked within a second and leaves every list. That cannot be undone. Its requests stay in the usage history."
          : "It leaves every list, which cannot be undone. Its requests stay in the usage history."
      }
      confirmLabel="Delete key"
      open={open}
      onOpenChange={onClose}
      onConfirm={confirm}
      pending={remove.isPending}
      error={<Problem error={remove.error} />}
      {...(works && isInUse(apiKey, Date.now()) ? { typeToConfirm: apiKey.name } : {})}
    >
      <Use apiKey={apiKey} />
    </ConfirmDialog>
  );
}

function done(onClose: () => void, title: string) {
  onClose();
  showToast({ title });
}

/** What would break: when it was last used, and how much. */
function Use({ apiKey }: { apiKey: ApiKey }) {
  if (apiKey.last_used === null) return <Callout>It has never been used.</Callout>;
  return (
    <Callout tone={isInUse(apiKey, Date.now()) ? "warning" : "neutral"}>
      Last used <RelativeTime time={apiKey.last_used} />
      {apiKey.last_used_ip && ` from ${apiKey.last_used_ip}`}, {formatNumber(apiKey.total_requests)}{" "}
      {apiKey.total_requests === 1 ? "request" : "requests"} in all.
    </Callout>
  );
}

function Problem({ error }: { error: Error | null }) {
  return (
    error && (
      <Callout tone="danger" live>
        {error.message}
      </Callout>
    )
  );
}
