"use client";

import { ChartColumn, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import {
  type BarBucket,
  type BarSeries,
  formatBucket,
  formatCount,
  toneFill,
  totalOf,
} from "@/components/charts/bar-series";
import { BarSeriesTable } from "@/components/charts/bar-series-table";
import { SegmentedControl } from "@/components/ui/segmented-control";

const BarSeriesPlot = dynamic(() => import("@/components/charts/bar-series-plot").then((file) => file.BarSeriesPlot), {
  ssr: false,
  loading: () => <div className="size-full animate-appear rounded-sm bg-muted" />,
});

interface BarSeriesChartProps {
  /** What is counted: "Requests". */
  label: string;
  buckets: readonly BarBucket[];
  /** Stacked from the bottom in this order. */
  series: readonly BarSeries[];
  bucketSeconds: number;
}

const views = [
  { value: "chart", label: <ViewLabel Icon={ChartColumn} words="Chart" /> },
  { value: "table", label: <ViewLabel Icon={Table2} words="Table" /> },
] as const;

/** Stacked bars over time, with the same numbers as a table: visible by choice, and always there for screen readers. */
export function BarSeriesChart({ label, buckets, series, bucketSeconds }: BarSeriesChartProps) {
  const [view, setView] = useState<"chart" | "table">("chart");
  const data = { buckets, series, bucketSeconds };
  const first = buckets[0];
  const last = buckets.at(-1);

  return (
    <figure className="flex min-w-0 flex-col gap-3">
      <figcaption className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Legend buckets={buckets} series={series} />
        <SegmentedControl label={`${label}, view`} options={views} value={view} onValueChange={setView} />
      </figcaption>
      {view === "chart" && (
        <div aria-hidden="true" className="h-56 w-full">
          <BarSeriesPlot {...data} />
        </div>
      )}
      <BarSeriesTable label={label} {...data} hidden={view === "chart"} />
      {first && last && (
        <p className="text-ink-faint text-xs">
          {formatBucket(first.at, bucketSeconds)} to {formatBucket(last.at, bucketSeconds)}
          {bucketSeconds >= 86_400 && " (UTC)"}
        </p>
      )}
    </figure>
  );
}

function ViewLabel({ Icon, words }: { Icon: typeof ChartColumn; words: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <Icon aria-hidden="true" className="size-3.5" />
      {words}
    </span>
  );
}

function Legend({ buckets, series }: Pick<BarSeriesChartProps, "buckets" | "series">) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {series.map((one) => (
        <li key={one.key} className="flex items-center gap-1.5 text-ink-soft">
          <span aria-hidden="true" className="size-2 rounded-[2px]" style={{ background: toneFill[one.tone] }} />
          {one.label}
          <span className="font-medium text-ink tabular-nums">{formatCount(totalOf(buckets, one.key))}</span>
        </li>
      ))}
    </ul>
  );
}
