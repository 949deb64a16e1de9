"use client";

import { useQuery } from "@tanstack/react-query";
import { MoreHorizontal, Pencil, Plus, Trash2 } from "lucide-react";
import { call } from "#lib/http/client";
import { deletePolicy, type Policy, type PolicyKind, policyKinds } from "#lib/policies/contract";
import { formatNumber } from "@/components/keys/key-facts";
import { AuthenticationPolicySheet } from "@/components/policies/authentication-policy-sheet";
import { CorsPolicySheet } from "@/components/policies/cors-policy-sheet";
import { policiesQuery } from "@/components/policies/policies.queries";
import { policyKindNames, policyText } from "@/components/policies/policy-facts";
import { RateLimitPolicySheet } from "@/components/policies/rate-limit-policy-sheet";
import type { PolicyFormProps } from "@/components/policies/use-policy-form";
import { ConfirmChange } from "@/components/portal/confirm-change";
import { countText } from "@/components/portal/count-text";
import { usePortal } from "@/components/portal/portal-context";
import { QueryError } from "@/components/portal/query-error";
import { useDialog } from "@/components/portal/use-dialog";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import { Section } from "@/components/ui/section";
import { SkeletonTable } from "@/components/ui/skeleton";
import {
  ActionsCell,
  Cell,
  fromTablet,
  HeaderCell,
  NameCell,
  Row,
  Table,
  TableBody,
  TableHead,
} from "@/components/ui/table";

const sheets: Record<PolicyKind, (props: PolicyFormProps) => React.ReactNode> = {
  authentication: AuthenticationPolicySheet,
  rate_limit: RateLimitPolicySheet,
  cors: CorsPolicySheet,
};

/** The policies of the tenant: routes of every gateway share them. */
export function PolicySection() {
  const { can } = usePortal();
  const policies = useQuery(policiesQuery);
  const dialog = useDialog<PolicyKind>();
  const Sheet = dialog.shown && sheets[dialog.shown];
  return (
    <Section
      title="Policies"
      description="Rules that routes of every gateway share. A change holds for all its routes within a second."
      actions={
        can.writeGateways && (
          <DropdownMenu
            trigger={
              <Button ref={dialog.trigger} icon={<Plus aria-hidden="true" />}>
                Create policy
              </Button>
            }
          >
            {policyKinds.map((kind) => (
              <MenuItem key={kind} onSelect={() => dialog.show(kind)}>
                {policyKindNames[kind]}
              </MenuItem>
            ))}
          </DropdownMenu>
        )
      }
    >
      {policies.isPending && <SkeletonTable columns={4} rows={2} label="policies" />}
      {policies.isError && (
        <QueryError error={policies.error} what="policies" onRetry={() => void policies.refetch()} />
      )}
      {policies.data?.data.length === 0 && (
        <EmptyState kind="nothing-yet" level={3} title="No policies yet">
          Without one, a route takes an API key or a partner token, 1,000 times a minute for each key.
        </EmptyState>
      )}
      {policies.data && policies.data.data.length > 0 && <PolicyTable policies={policies.data.data} />}
      {Sheet && <Sheet open={dialog.isOpen} onClose={dialog.hide} />}
    </Section>
  );
}

function PolicyTable({ policies }: { policies: readonly Policy[] }) {
  const { can } = usePortal();
  return (
    <Table caption="Policies">
      <TableHead>
        <HeaderCell>Policy</HeaderCell>
        <HeaderCell className={fromTablet}>Kind</HeaderCell>
        <HeaderCell className={fromTablet}>Rule</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Routes
        </HeaderCell>
        {can.writeGateways && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {policies.map((policy) => (
          <PolicyRow key={policy.id} policy={policy} />
        ))}
      </TableBody>
    </Table>
  );
}

function PolicyRow({ policy }: { policy: Policy }) {
  const { can } = usePortal();
  const rule = policyText(policy);
  return (
    <Row>
      <NameCell below={<span className="truncate">{rule}</span>}>
        <span className="block truncate" title={policy.name}>
          {policy.name}
        </span>
      </NameCell>
      <Cell className={fromTablet}>{policyKindNames[policy.kind]}</Cell>
      <Cell className={fromTablet}>
        <span className="block max-w-96 truncate" title={rule}>
          {rule}
        </span>
      </Cell>
      <Cell numeric className={fromTablet}>
        {formatNumber(policy.routes_count)}
      </Cell>
      {can.writeGateways && (
        <ActionsCell>
          <PolicyActions policy={policy} />
        </ActionsCell>
      )}
    </Row>
  );
}

function PolicyActions({ policy }: { policy: Policy }) {
  const dialog = useDialog<"edit" | "delete">();
  const Sheet = sheets[policy.kind];
  const common = { open: dialog.isOpen, onClose: dialog.hide };
  return (
    <>
      <DropdownMenu
        trigger={
          <IconButton
            ref={dialog.trigger}
            label={`Actions for ${policy.name}`}
            tooltip={false}
            icon={<MoreHorizontal aria-hidden="true" />}
          />
        }
      >
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => dialog.show("edit")}>
          Edit
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onSelect={() => dialog.show("delete")}>
          Delete
        </MenuItem>
      </DropdownMenu>
      {dialog.shown === "edit" && <Sheet policy={policy} {...common} />}
      {dialog.shown === "delete" &&
        (policy.routes_count > 0 ? (
          <PolicyInUse policy={policy} {...common} />
        ) : (
          <ConfirmChange
            {...common}
            title={`Delete ${policy.name}?`}
            consequence="No route has it. That cannot be undone."
            confirmLabel="Delete policy"
            done={`${policy.name} deleted`}
            change={() => call(deletePolicy, { params: { policy_id: policy.id } })}
            goneId={policy.id}
          />
        ))}
    </>
  );
}

function PolicyInUse({ policy, open, onClose }: PolicyFormProps & { policy: Policy }) {
  const routes = policy.routes_count;
  return (
    <Dialog
      title={`${policy.name} cannot be deleted yet`}
      description={`${countText(routes, "route")} ${routes === 1 ? "has" : "have"} it. Choose another for ${routes === 1 ? "it" : "them"} first.`}
      open={open}
      onOpenChange={onClose}
      footer={<Button onClick={onClose}>Close</Button>}
    />
  );
}
