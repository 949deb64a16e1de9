"use client";

import { ChartColumn, ChartLine, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { formatMeasure } from "@/components/charts/format-measure";
import { type ChartBucket, type ChartSeries, formatBucket, type Measure, totalOf } from "@/components/charts/series";
import { SeriesMark } from "@/components/charts/series-mark";
import { SeriesTable } from "@/components/charts/series-table";
import { SegmentedControl } from "@/components/ui/segmented-control";

const SeriesPlot = dynamic(() => import("@/components/charts/series-plot").then((file) => file.SeriesPlot), {
  ssr: false,
  loading: () => <div className="size-full animate-appear rounded-sm bg-muted" />,
});

export interface SeriesChartProps {
  /** What is shown: "Requests". */
  label: string;
  buckets: readonly ChartBucket[];
  series: readonly ChartSeries[];
  bucketSeconds: number;
  measure?: Measure;
  /** Where one bucket is looked at closer: a click on it, and its time in the table, lead there. */
  hrefOf?: (bucket: ChartBucket) => string;
}

/** Numbers over time, drawn and as a table: the table is shown by choice, and always there for screen readers. */
export function SeriesChart({ label, buckets, series, bucketSeconds, measure = "count", hrefOf }: SeriesChartProps) {
  const [view, setView] = useState<"chart" | "table">("chart");
  const data = { buckets, series, bucketSeconds, measure, ...(hrefOf && { hrefOf }) };
  const first = buckets[0];
  const last = buckets.at(-1);
  const DrawnIcon = series.some(({ shape = "bar" }) => shape === "bar") ? ChartColumn : ChartLine;
  const views = [
    { value: "chart", label: <ViewLabel icon={<DrawnIcon aria-hidden="true" />} words="Chart" /> },
    { value: "table", label: <ViewLabel icon={<Table2 aria-hidden="true" />} words="Table" /> },
  ] as const;

  return (
    <figure className="flex min-w-0 flex-col gap-3">
      <figcaption className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <Legend buckets={buckets} series={series} measure={measure} />
        <SegmentedControl label={`${label}, view`} options={views} value={view} onValueChange={setView} />
      </figcaption>
      {view === "chart" && (
        <div aria-hidden="true" className="h-56 w-full">
          <SeriesPlot {...data} />
        </div>
      )}
      <SeriesTable label={label} {...data} hidden={view === "chart"} />
      {first && last && (
        <p className="text-ink-faint text-xs tabular-nums">
          {formatBucket(first.at, bucketSeconds)} to {formatBucket(last.at, bucketSeconds)}
          {bucketSeconds >= 86_400 && " (UTC)"}
        </p>
      )}
    </figure>
  );
}

function ViewLabel({ icon, words }: { icon: ReactNode; words: string }) {
  return (
    <span className="flex items-center gap-1.5 [&_svg]:size-3.5">
      {icon}
      {words}
    </span>
  );
}

function Legend({ buckets, series, measure }: Pick<SeriesChartProps, "buckets" | "series"> & { measure: Measure }) {
  return (
    <ul className="flex min-w-0 flex-1 basis-40 flex-wrap gap-x-4 gap-y-1 pt-1.5 text-xs">
      {series.map((one) => (
        <li key={one.key} className="flex min-w-0 items-center gap-1.5 text-ink-soft">
          <SeriesMark series={one} />
          <span className="truncate">{one.label}</span>
          <span className="whitespace-nowrap font-medium text-ink tabular-nums">
            {one.total ?? formatMeasure(totalOf(buckets, one.key), measure)}
          </span>
        </li>
      ))}
    </ul>
  );
}
