import Link from "next/link";
import { formatMeasure } from "@/components/charts/format-measure";
import { type ChartBucket, type ChartSeries, formatBucket, type Measure } from "@/components/charts/series";
import { Cell, HeaderCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";

interface SeriesTableProps {
  label: string;
  buckets: readonly ChartBucket[];
  series: readonly ChartSeries[];
  bucketSeconds: number;
  measure: Measure;
  hrefOf?: (bucket: ChartBucket) => string;
  /** For screen readers only. */
  hidden?: boolean;
}

export function SeriesTable({ label, buckets, series, bucketSeconds, measure, hrefOf, hidden }: SeriesTableProps) {
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
            <RowHeader>
              {hrefOf && !hidden ? ( // nothing invisible may take focus
                <Link href={hrefOf(bucket)} prefetch={false} className="rounded-xs underline-offset-4 hover:underline">
                  {formatBucket(bucket.at, bucketSeconds)}
                </Link>
              ) : (
                formatBucket(bucket.at, bucketSeconds)
              )}
            </RowHeader>
            {series.map((one) => (
              <Cell key={one.key} numeric>
                {formatMeasure(bucket.values[one.key] ?? (one.shape === "line" ? null : 0), measure)}
              </Cell>
            ))}
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
