"use client";

import Link from "next/link";
import type { MouseEvent, ReactNode } from "react";
import type { UsageRow } from "#lib/usage/contract";
import { formatMeasure } from "@/components/charts/format-measure";
import { RequestStatus } from "@/components/logs/request-status";
import { cn } from "@/components/ui/cn";
import { formatAbsolute, formatLogTime } from "@/components/ui/format-time";
import {
  Cell,
  fromDesktop,
  fromTablet,
  HeaderCell,
  Row,
  RowHeader,
  Table,
  TableBody,
  TableHead,
} from "@/components/ui/table";

interface LogTableProps {
  rows: readonly UsageRow[];
  /** By key id. */
  keyNames: ReadonlyMap<string, string>;
  /** The request that is looked at. */
  openId: string | null;
  onOpen: (requestId: string) => void;
  /** The address of one request. */
  hrefOf: (requestId: string) => string;
  footer?: ReactNode;
}

/** Requests, a line each. Anywhere on the line opens it; the path is a link, for the keyboard and for a new tab. */
export function LogTable({ rows, footer, ...context }: LogTableProps) {
  return (
    <Table caption="Requests, newest first" footer={footer}>
      <TableHead>
        <HeaderCell className={fromTablet}>Time, UTC</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        <HeaderCell>Request</HeaderCell>
        <HeaderCell className={fromTablet}>Error code</HeaderCell>
        <HeaderCell className={fromTablet}>Key</HeaderCell>
        <HeaderCell className={fromDesktop}>Route</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Latency
        </HeaderCell>
      </TableHead>
      <TableBody className="sm:[&>tr>*]:h-9 sm:[&>tr>*]:py-1">
        {rows.map((row) => (
          <LogRow key={`${row.request_id} ${row.timestamp}`} row={row} {...context} />
        ))}
      </TableBody>
    </Table>
  );
}

/** Of the link that opens a request: where focus returns to. */
export const linkIdOf = (requestId: string) => `open-${requestId}`;

const isPlain = ({ metaKey, ctrlKey, shiftKey, button }: MouseEvent) =>
  !(metaKey || ctrlKey || shiftKey) && button === 0;

function LogRow({ row, keyNames, openId, onOpen, hrefOf }: Omit<LogTableProps, "rows" | "footer"> & { row: UsageRow }) {
  const key = row.api_key_id && (keyNames.get(row.api_key_id) ?? row.api_key_id);
  const latency = formatMeasure(row.response_time_ms, "milliseconds");
  const open = (event: MouseEvent) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    onOpen(row.request_id);
  };
  return (
    <Row data-selected={row.request_id === openId} onClick={open} className="cursor-pointer">
      <Cell className={cn(fromTablet, "text-ink")}>
        <LogTime time={row.timestamp} />
      </Cell>
      <Cell className={fromTablet}>
        <RequestStatus status={row.status_code} />
      </Cell>
      <RowHeader className="max-sm:static max-sm:w-full max-sm:max-w-0 max-sm:border-r-0 max-sm:py-2">
        <span className="flex min-w-0 items-center gap-2">
          <span className="sm:hidden">
            <RequestStatus status={row.status_code} />
          </span>
          <Link
            id={linkIdOf(row.request_id)}
            href={hrefOf(row.request_id)}
            prefetch={false}
            scroll={false}
            title={row.path}
            className="flex min-w-0 items-baseline gap-2 rounded-xs font-mono font-normal text-xs underline-offset-4 hover:underline sm:max-w-72 xl:max-w-96"
          >
            <span className="shrink-0 text-ink-soft">{row.method}</span>
            <span className="truncate">{row.path}</span>
          </Link>
        </span>
        <span className="mt-1 flex items-center gap-2 truncate font-normal text-ink-soft text-xs sm:hidden">
          <LogTime time={row.timestamp} />
          <span className="tabular-nums">{latency}</span>
          {row.error_code ? (
            <code className="truncate">{row.error_code}</code>
          ) : (
            <span className="truncate">{key}</span>
          )}
        </span>
      </RowHeader>
      <Cell mono className={fromTablet}>
        {row.error_code}
      </Cell>
      <Cell className={fromTablet}>
        <span className="block max-w-40 truncate">{key}</span>
      </Cell>
      <Cell mono className={fromDesktop}>
        <span className="block max-w-44 truncate">{row.endpoint === "*" ? "No route" : row.endpoint}</span>
      </Cell>
      <Cell numeric className={fromTablet}>
        {latency}
      </Cell>
    </Row>
  );
}

/** To the second: requests that came within one minute are told apart. */
function LogTime({ time }: { time: string }) {
  const date = new Date(time);
  return (
    <time dateTime={time} title={formatAbsolute(date)} className="tabular-nums">
      {formatLogTime(date)}
    </time>
  );
}
