import Link from "next/link";
import type { Analytics, AnalyticsGroup } from "#lib/usage/contract";
import { formatCount, formatMeasure } from "@/components/charts/format-measure";
import { logsHref } from "@/components/logs/log-filters";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { Cell, fromTablet, HeaderCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { groupNames, type UsageFilters, type UsageGrouping } from "@/components/usage/usage-filters";
import { logFilterOf } from "@/components/usage/usage-series";

interface GroupTableProps {
  answer: Analytics;
  filters: UsageFilters;
  grouping: UsageGrouping;
}

/** The groups by their share, each leading to its requests. */
export function GroupTable({ answer: { groups, total_groups }, filters, grouping }: GroupTableProps) {
  const name = groupNames[grouping];
  return (
    <Card>
      <CardHeader
        title={`By ${name.toLowerCase()}`}
        description="The largest first. Each leads to its requests in Logs."
      />
      <Table caption={`Requests by ${name.toLowerCase()}`} className="rounded-none border-0">
        <TableHead>
          <HeaderCell sticky>{name}</HeaderCell>
          <HeaderCell numeric>Requests</HeaderCell>
          <HeaderCell className={fromTablet}>Share</HeaderCell>
          <HeaderCell numeric>Error rate</HeaderCell>
          <HeaderCell numeric>p95</HeaderCell>
          <HeaderCell numeric>Transferred</HeaderCell>
        </TableHead>
        <TableBody>
          {groups.map((group) => (
            <GroupRow key={group.key} group={group} filters={filters} />
          ))}
        </TableBody>
      </Table>
      {total_groups > groups.length && (
        <CardFooter>
          The {formatCount(groups.length)} largest of {formatCount(total_groups)}. Filter to see others, or export them.
        </CardFooter>
      )}
    </Card>
  );
}

function GroupRow({ group, filters }: { group: AnalyticsGroup; filters: UsageFilters }) {
  const own = logFilterOf(group);
  const { range, from, to, key, account, service, status, management } = filters;
  const href = own && logsHref({ ...{ range, from, to, key, account, service, status, management }, ...own });
  return (
    <Row>
      <RowHeader>
        {href ? (
          <Link
            href={href}
            prefetch={false}
            title={group.label}
            className="block max-w-80 truncate rounded-xs underline-offset-4 hover:underline"
          >
            {group.label}
          </Link>
        ) : (
          <span className="block max-w-80 truncate">{group.label}</span>
        )}
      </RowHeader>
      <Cell numeric>{formatCount(group.requests)}</Cell>
      <Cell className={fromTablet}>
        <span className="flex items-center gap-2">
          <span aria-hidden="true" className="h-1.5 w-24 overflow-hidden rounded-full bg-muted-strong">
            <span className="block h-full rounded-full bg-accent" style={{ width: `${group.share}%` }} />
          </span>
          {formatMeasure(group.share, "percent")}
        </span>
      </Cell>
      <Cell numeric className={group.errors > 0 ? "text-danger-ink" : undefined}>
        {formatMeasure(group.error_rate, "percent")}
      </Cell>
      <Cell numeric>{formatMeasure(group.p95_latency_ms, "milliseconds")}</Cell>
      <Cell numeric>{formatMeasure(group.bytes_transferred, "bytes")}</Cell>
    </Row>
  );
}
