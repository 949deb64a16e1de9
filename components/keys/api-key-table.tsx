"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { ApiKey } from "#lib/keys/contract";
import { type KeyDialog, KeyDialogs, KeyMenu } from "@/components/keys/key-actions";
import { formatNumber, limitText, maskedKey } from "@/components/keys/key-facts";
import { KeyStatus } from "@/components/keys/key-status";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { ActionsCell, Cell, HeaderCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";

interface ApiKeyTableProps {
  keys: readonly ApiKey[];
  /** By account id. */
  accountNames: ReadonlyMap<string, string>;
  footer?: ReactNode;
}

export function ApiKeyTable({ keys, accountNames, footer }: ApiKeyTableProps) {
  const { can } = usePortal();
  return (
    <Table caption="API keys" footer={footer}>
      <TableHead>
        <HeaderCell sticky>Name</HeaderCell>
        <HeaderCell>Key</HeaderCell>
        <HeaderCell>Status</HeaderCell>
        {can.manageAccounts && <HeaderCell>Account</HeaderCell>}
        <HeaderCell>Limits</HeaderCell>
        <HeaderCell>Last used</HeaderCell>
        <HeaderCell numeric>Requests</HeaderCell>
        {can.writeKeys && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} accountName={accountNames.get(key.account_id) ?? key.account_id} />
        ))}
      </TableBody>
    </Table>
  );
}

const limitsShownMax = 3;

function KeyRow({ apiKey, accountName }: { apiKey: ApiKey; accountName: string }) {
  const { can } = usePortal();
  const dialog = useDialog<KeyDialog>();
  const limits = apiKey.limits.slice(0, limitsShownMax).map(limitText).join(" · ");
  return (
    <Row>
      <RowHeader>
        <Link
          href={`/keys/${apiKey.id}`}
          className="block max-w-60 truncate rounded-xs underline-offset-4 hover:underline"
          title={apiKey.name}
        >
          {apiKey.name}
        </Link>
      </RowHeader>
      <Cell mono>{maskedKey(apiKey)}</Cell>
      <Cell>
        <KeyStatus apiKey={apiKey} />
      </Cell>
      {can.manageAccounts && (
        <Cell>
          <span className="block max-w-48 truncate">{accountName}</span>
        </Cell>
      )}
      <Cell>{apiKey.limits.length > limitsShownMax ? `${limits} …` : limits}</Cell>
      <Cell>{apiKey.last_used ? <RelativeTime time={apiKey.last_used} /> : "Never"}</Cell>
      <Cell numeric>{formatNumber(apiKey.total_requests)}</Cell>
      {can.writeKeys && (
        <ActionsCell>
          <KeyMenu apiKey={apiKey} show={dialog.show} trigger={dialog.trigger} />
          <KeyDialogs apiKey={apiKey} dialog={dialog} />
        </ActionsCell>
      )}
    </Row>
  );
}
