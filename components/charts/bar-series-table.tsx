import { type BarBucket, type BarSeries, formatBucket, formatCount } from "@/components/charts/bar-series";
import { Cell, HeaderCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";

interface BarSeriesTableProps {
  label: string;
  buckets: readonly BarBucket[];
  series: readonly BarSeries[];
  bucketSeconds: number;
  /** For screen readers only. */
  hidden?: boolean;
}

export function BarSeriesTable({ label, buckets, series, bucketSeconds, hidden }: BarSeriesTableProps) {
  return (
    <Table
      caption={`${label} over time`}
      maxHeight="14rem"
      focusable={!hidden}
      {...(hidden ? { className: "sr-only" } : {})}
    >
      <TableHead>
        <HeaderCell sticky>Time</HeaderCell>
        {series.map((one) => (
          <HeaderCell key={one.key} numeric>
            {one.label}
          </HeaderCell>
        ))}
      </TableHead>
      <TableBody>
        {buckets.map((bucket) => (
          <Row key={bucket.at}>
            <RowHeader>{formatBucket(bucket.at, bucketSeconds)}</RowHeader>
            {series.map((one) => (
              <Cell key={one.key} numeric>
                {formatCount(bucket.values[one.key] ?? 0)}
              </Cell>
            ))}
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
