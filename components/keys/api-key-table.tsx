"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import type { ApiKey } from "#lib/keys/contract";
import type { SparkDay } from "@/components/charts/sparkline";
import { type KeyDialog, KeyDialogs, KeyMenu } from "@/components/keys/key-actions";
import { keyActivityQuery } from "@/components/keys/key-activity.queries";
import { formatNumber, limitText, maskedKey } from "@/components/keys/key-facts";
import { KeySparkline } from "@/components/keys/key-sparkline";
import { KeyStatus } from "@/components/keys/key-status";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  ActionsCell,
  Cell,
  fromDesktop,
  fromTablet,
  HeaderCell,
  NameCell,
  Row,
  Table,
  TableBody,
  TableHead,
} from "@/components/ui/table";

interface ApiKeyTableProps {
  keys: readonly ApiKey[];
  /** By account id. */
  accountNames: ReadonlyMap<string, string>;
  footer?: ReactNode;
}

const fromLaptop = "max-lg:hidden";

export function ApiKeyTable({ keys, accountNames, footer }: ApiKeyTableProps) {
  const { can } = usePortal();
  const activity = useQuery(keyActivityQuery(keys.map(({ id }) => id)));
  return (
    <Table caption="API keys" footer={footer}>
      <TableHead>
        <HeaderCell>Name</HeaderCell>
        <HeaderCell className={fromTablet}>Key</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        {can.manageAccounts && <HeaderCell className={fromTablet}>Account</HeaderCell>}
        <HeaderCell className={fromDesktop}>Limits</HeaderCell>
        <HeaderCell className={fromLaptop}>30 days</HeaderCell>
        <HeaderCell className={fromTablet}>Last used</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Requests
        </HeaderCell>
        {can.writeKeys && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {keys.map((key) => (
          <KeyRow
            key={key.id}
            apiKey={key}
            accountName={accountNames.get(key.account_id) ?? key.account_id}
            days={activity.data?.(key.id)}
          />
        ))}
      </TableBody>
    </Table>
  );
}

const limitsShownMax = 3;

interface KeyRowProps {
  apiKey: ApiKey;
  accountName: string;
  days: readonly SparkDay[] | undefined;
}

function KeyRow({ apiKey, accountName, days }: KeyRowProps) {
  const { can } = usePortal();
  const dialog = useDialog<KeyDialog>();
  const limits = apiKey.limits.slice(0, limitsShownMax).map(limitText).join(" · ");
  return (
    <Row>
      <NameCell
        below={
          <>
            <KeyStatus apiKey={apiKey} />
            <span className="truncate font-mono">{maskedKey(apiKey)}</span>
          </>
        }
      >
        <Link
          href={`/keys/${apiKey.id}`}
          dir="auto"
          className="block truncate rounded-xs text-left underline-offset-4 hover:underline"
          title={apiKey.name}
        >
          {apiKey.name}
        </Link>
      </NameCell>
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
      <Cell className={fromLaptop}>
        <KeySparkline days={days} />
      </Cell>
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
