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

/** A phone shows the key and its status below its name; what does not fit is on the key's own page. */
const fromTablet = "max-sm:hidden";
const fromDesktop = "max-xl:hidden";

export function ApiKeyTable({ keys, accountNames, footer }: ApiKeyTableProps) {
  const { can } = usePortal();
  return (
    <Table caption="API keys" footer={footer}>
      <TableHead>
        <HeaderCell>Name</HeaderCell>
        <HeaderCell className={fromTablet}>Key</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        {can.manageAccounts && <HeaderCell className={fromTablet}>Account</HeaderCell>}
        <HeaderCell className={fromDesktop}>Limits</HeaderCell>
        <HeaderCell className={fromTablet}>Last used</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Requests
        </HeaderCell>
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
      <RowHeader className="max-sm:static max-sm:w-full max-sm:max-w-0 max-sm:border-r-0 max-sm:py-2">
        <Link
          href={`/keys/${apiKey.id}`}
          dir="auto"
          className="block truncate rounded-xs text-left underline-offset-4 hover:underline sm:max-w-44 xl:max-w-60"
          title={apiKey.name}
        >
          {apiKey.name}
        </Link>
        <span className="mt-0.5 flex items-center gap-2 font-normal sm:hidden">
          <KeyStatus apiKey={apiKey} />
          <span className="truncate font-mono text-ink-soft text-xs">{maskedKey(apiKey)}</span>
        </span>
      </RowHeader>
      <Cell mono className={fromTablet}>
        {maskedKey(apiKey)}
      </Cell>
      <Cell className={fromTablet}>
        <KeyStatus apiKey={apiKey} />
      </Cell>
      {can.manageAccounts && (
        <Cell className={fromTablet}>
          <span className="block max-w-48 truncate">{accountName}</span>
        </Cell>
      )}
      <Cell className={fromDesktop}>{apiKey.limits.length > limitsShownMax ? `${limits} …` : limits}</Cell>
      <Cell className={fromTablet}>{apiKey.last_used ? <RelativeTime time={apiKey.last_used} /> : "Never"}</Cell>
      <Cell numeric className={fromTablet}>
        {formatNumber(apiKey.total_requests)}
      </Cell>
      {can.writeKeys && (
        <ActionsCell>
          <KeyMenu apiKey={apiKey} show={dialog.show} trigger={dialog.trigger} />
          <KeyDialogs apiKey={apiKey} dialog={dialog} />
        </ActionsCell>
      )}
    </Row>
  );
}
