"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleSlash, MoreHorizontal, Pencil, Play, Terminal, Trash2 } from "lucide-react";
import type { Gateway } from "#lib/gateways/contract";
import { call } from "#lib/http/client";
import { deleteRoute, type Route, updateRoute } from "#lib/routes/contract";
import { catalogQuery } from "@/components/gateways/gateways.queries";
import { ConfirmChange } from "@/components/portal/confirm-change";
import { QueryError } from "@/components/portal/query-error";
import type { useDialog } from "@/components/portal/use-dialog";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { routeSample } from "@/components/routes/route-sample";
import { RouteSheet } from "@/components/routes/route-sheet";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog } from "@/components/ui/dialog";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import { showToast } from "@/components/ui/toast";

export type RouteDialog = "edit" | "sample" | "deactivate" | "delete";

interface RouteActionsProps {
  gateway: Gateway;
  route: Route;
  dialog: ReturnType<typeof useDialog<RouteDialog>>;
}

const activity = (route: Route, isActive: boolean) => () =>
  call(updateRoute, {
    params: { gateway_id: route.gateway_id, route_id: route.id },
    body: { is_active: isActive },
  });

export function RouteMenu({ route, dialog, mayWrite }: Omit<RouteActionsProps, "gateway"> & { mayWrite: boolean }) {
  const activate = useOperatorMutation(activity(route, true));
  return (
    <DropdownMenu
      trigger={
        <IconButton
          ref={dialog.trigger}
          label={`Actions for ${route.path}`}
          tooltip={false}
          icon={<MoreHorizontal aria-hidden="true" />}
        />
      }
    >
      <MenuItem icon={<Terminal aria-hidden="true" />} onSelect={() => dialog.show("sample")}>
        Show curl
      </MenuItem>
      {mayWrite && (
        <>
          <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => dialog.show("edit")}>
            Edit
          </MenuItem>
          {route.is_active ? (
            <MenuItem icon={<CircleSlash aria-hidden="true" />} onSelect={() => dialog.show("deactivate")}>
              Deactivate
            </MenuItem>
          ) : (
            <MenuItem
              icon={<Play aria-hidden="true" />}
              onSelect={() =>
                activate.mutate(undefined, {
                  onSuccess: () => showToast({ title: `${route.path} activated` }),
                  onError: ({ message }) =>
                    showToast({ title: `${route.path} is still inactive`, description: message, tone: "danger" }),
                })
              }
            >
              Activate
            </MenuItem>
          )}
          <MenuSeparator />
          <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onSelect={() => dialog.show("delete")}>
            Delete
          </MenuItem>
        </>
      )}
    </DropdownMenu>
  );
}

/** The one dialog of a route that is open, if any. */
export function RouteDialogs({ gateway, route, dialog }: RouteActionsProps) {
  const common = { open: dialog.isOpen, onClose: dialog.hide };
  switch (dialog.shown) {
    case "edit":
      return <RouteSheet gateway={gateway} route={route} {...common} />;
    case "sample":
      return <RouteSampleDialog gateway={gateway} route={route} {...common} />;
    case "deactivate":
      return (
        <ConfirmChange
          {...common}
          title={`Deactivate ${route.path}?`}
          consequence={`${elsewhere} until you activate it again.`}
          confirmLabel="Deactivate route"
          tone="neutral"
          done={`${route.path} deactivated`}
          change={activity(route, false)}
        />
      );
    case "delete":
      return (
        <ConfirmChange
          {...common}
          title={`Delete ${route.path}?`}
          consequence={`${elsewhere}. That cannot be undone. The service and the policies stay.`}
          confirmLabel="Delete route"
          done={`${route.path} deleted`}
          change={() => call(deleteRoute, { params: { gateway_id: route.gateway_id, route_id: route.id } })}
          goneId={route.id}
        />
      );
    case null:
      return null;
  }
}

const elsewhere = "Within a second its calls go to another route that matches, or are answered with 404";

function RouteSampleDialog({ gateway, route, open, onClose }: Omit<RouteActionsProps, "dialog"> & SampleFrame) {
  const catalog = useQuery(catalogQuery);
  const api = catalog.data?.data.find(({ gateway_id }) => gateway_id === gateway.id);
  const listed = api?.routes.find(({ id }) => id === route.id);
  return (
    <Dialog
      title={`Call ${route.path}`}
      size="md"
      open={open}
      onOpenChange={onClose}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {catalog.isPending && <Skeleton className="h-24 w-full rounded-md" />}
      {catalog.error && <QueryError bare error={catalog.error} what="catalog" onRetry={() => void catalog.refetch()} />}
      {api && listed && <CodeBlock label="Shell" code={routeSample(api.base_url, route, listed.credentials)} />}
      {catalog.data && !listed && (
        <Callout tone="warning">It is not served now: the gateway, the route or its service is inactive.</Callout>
      )}
    </Dialog>
  );
}

interface SampleFrame {
  open: boolean;
  onClose: () => void;
}
