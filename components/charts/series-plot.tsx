"use client";

import { useRouter } from "next/navigation";
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatAxis, formatMeasure } from "@/components/charts/format-measure";
import {
  type ChartBucket,
  type ChartSeries,
  formatBucket,
  formatTick,
  type Measure,
  ticksOf,
  toneFill,
} from "@/components/charts/series";
import { SeriesMark } from "@/components/charts/series-mark";
import { cn } from "@/components/ui/cn";

interface PlotProps {
  buckets: readonly ChartBucket[];
  series: readonly ChartSeries[];
  bucketSeconds: number;
  measure: Measure;
  hrefOf?: (bucket: ChartBucket) => string;
}

const axisText = { fontSize: 11, fill: "var(--ink-faint)" };
const plotMargin = { top: 8, right: 0, bottom: 0, left: 0 };

/** The drawing alone, loaded when it is needed. Hidden from screen readers: the table beside it says the same. */
export function SeriesPlot({ buckets, series, bucketSeconds, measure, hrefOf }: PlotProps) {
  const router = useRouter();
  const hasBars = series.some(({ shape = "bar" }) => shape === "bar");
  const open = (at: unknown) => {
    const bucket = buckets.find((one) => one.at === at);
    if (bucket && hrefOf) router.push(hrefOf(bucket));
  };
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 224 }}>
      <ComposedChart
        data={[...buckets]}
        accessibilityLayer={false}
        barCategoryGap="20%"
        margin={plotMargin}
        {...(hrefOf && { onClick: ({ activeLabel }) => open(activeLabel) })}
        className={cn(hrefOf && "cursor-pointer")}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          // Bars stand in the middle of their band; a line alone begins and ends at the edges.
          scale={hasBars ? "band" : "point"}
          tickFormatter={(at: string) => formatTick(at, bucketSeconds)}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          minTickGap={12}
          ticks={ticksOf(buckets, bucketSeconds)}
          interval="preserveEnd"
        />
        <YAxis
          orientation="right"
          width={measure === "count" ? 36 : 60}
          allowDecimals={measure !== "count"}
          tickFormatter={(value: number) => formatAxis(value, measure)}
          tick={axisText}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          cursor={hasBars ? { fill: "var(--muted)" } : { stroke: "var(--line-strong)" }}
          isAnimationActive={false}
          content={({ active, payload }) => {
            const bucket: ChartBucket | undefined = active ? payload?.[0]?.payload : undefined;
            return bucket ? <BucketCard {...{ bucket, series, bucketSeconds, measure }} /> : null;
          }}
        />
        {series.map((one) => drawn(one, buckets))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** Recharts looks at its children's types: a component of our own around them would not be seen. */
function drawn({ key, label, tone, shape = "bar" }: ChartSeries, buckets: readonly ChartBucket[]) {
  const fill = toneFill[tone];
  const common = { key, name: label, isAnimationActive: false };
  if (shape === "bar") {
    return (
      <Bar
        {...common}
        key={key}
        dataKey={(bucket: ChartBucket) => bucket.values[key] ?? 0}
        stackId="all"
        fill={fill}
        maxBarSize={28}
      />
    );
  }
  return (
    <Line
      {...common}
      key={key}
      dataKey={(bucket: ChartBucket) => bucket.values[key] ?? null}
      type="linear"
      stroke={fill}
      strokeWidth={1.5}
      strokeLinejoin="round"
      {...(shape === "dashed" && { strokeDasharray: "4 3" })}
      dot={({ cx, cy, index }: { cx?: number; cy?: number; index?: number }) =>
        isAlone(buckets, index ?? 0, key) ? <circle key={index} cx={cx} cy={cy} r={2} fill={fill} /> : <g key={index} />
      }
      activeDot={{ r: 3, strokeWidth: 0 }}
    />
  );
}

/** Between two buckets without a value there is nothing a line could be drawn to: it is a dot. */
function isAlone(buckets: readonly ChartBucket[], at: number, key: string): boolean {
  const has = (index: number) => typeof buckets[index]?.values[key] === "number";
  return has(at) && !has(at - 1) && !has(at + 1);
}

interface BucketCardProps extends Pick<PlotProps, "series" | "bucketSeconds" | "measure"> {
  bucket: ChartBucket;
}

function BucketCard({ bucket, series, bucketSeconds, measure }: BucketCardProps) {
  return (
    <div className="min-w-36 max-w-72 rounded-sm border border-line bg-raised px-3 py-2 text-xs shadow-md">
      <p className="mb-1 font-medium">{formatBucket(bucket.at, bucketSeconds)}</p>
      {series.map((one) => (
        <p key={one.key} className="flex items-center gap-2 text-ink-soft">
          <SeriesMark series={one} />
          <span className="grow truncate">{one.label}</span>
          <span className="whitespace-nowrap pl-3 text-ink tabular-nums">
            {formatMeasure(bucket.values[one.key] ?? (one.shape === "line" ? null : 0), measure)}
          </span>
        </p>
      ))}
    </div>
  );
}
