"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import {
  type BarBucket,
  type BarSeries,
  formatAxisCount,
  formatBucket,
  formatCount,
  formatTick,
  ticksOf,
  toneFill,
} from "@/components/charts/bar-series";

interface PlotProps {
  buckets: readonly BarBucket[];
  series: readonly BarSeries[];
  bucketSeconds: number;
}

const axisText = { fontSize: 11, fill: "var(--ink-faint)" };

/** The drawing alone, loaded when it is needed. Hidden from screen readers: the table beside it says the same. */
export function BarSeriesPlot({ buckets, series, bucketSeconds }: PlotProps) {
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 224 }}>
      <BarChart
        data={[...buckets]}
        accessibilityLayer={false}
        barCategoryGap="20%"
        margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: string) => formatTick(at, bucketSeconds)}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          minTickGap={32}
          ticks={ticksOf(buckets)}
          interval="preserveEnd"
        />
        <YAxis
          orientation="right"
          width={36}
          allowDecimals={false}
          tickFormatter={formatAxisCount}
          tick={axisText}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          cursor={{ fill: "var(--muted)" }}
          isAnimationActive={false}
          content={({ active, payload }) => {
            const bucket: BarBucket | undefined = active ? payload?.[0]?.payload : undefined;
            return bucket ? <BucketCard bucket={bucket} series={series} bucketSeconds={bucketSeconds} /> : null;
          }}
        />
        {series.map((one) => (
          <Bar
            key={one.key}
            dataKey={(bucket: BarBucket) => bucket.values[one.key] ?? 0}
            name={one.label}
            stackId="all"
            fill={toneFill[one.tone]}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

function BucketCard({ bucket, series, bucketSeconds }: Omit<PlotProps, "buckets"> & { bucket: BarBucket }) {
  return (
    <div className="min-w-36 rounded-sm border border-line bg-raised px-3 py-2 text-xs shadow-md">
      <p className="mb-1 font-medium">{formatBucket(bucket.at, bucketSeconds)}</p>
      {series.map((one) => (
        <p key={one.key} className="flex items-center gap-2 text-ink-soft">
          <span className="size-2 rounded-[2px]" style={{ background: toneFill[one.tone] }} />
          <span className="grow">{one.label}</span>
          <span className="pl-3 text-ink tabular-nums">{formatCount(bucket.values[one.key] ?? 0)}</span>
        </p>
      ))}
    </div>
  );
}
