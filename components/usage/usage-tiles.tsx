import type { Analytics, UsageTotals } from "#lib/usage/contract";
import { formatMeasure, quantityOf } from "@/components/charts/format-measure";
import type { Measure } from "@/components/charts/series";
import { cn } from "@/components/ui/cn";
import { Stat, StatGrid } from "@/components/ui/stat";
import { changeOf } from "@/components/usage/usage-series";

interface Tile {
  label: string;
  figure: Exclude<keyof UsageTotals, "management_requests">;
  measure: Measure;
  /** Which way is good, where either is. */
  better?: "less";
}

const tiles: readonly Tile[] = [
  { label: "Requests", figure: "total_requests", measure: "count" },
  { label: "Error rate", figure: "error_rate", measure: "percent", better: "less" },
  { label: "95th percentile", figure: "p95_latency_ms", measure: "milliseconds", better: "less" },
  { label: "Transferred", figure: "bytes_transferred", measure: "bytes" },
];

/** Four figures of a time, each with how it changed against the time before. */
export function UsageTiles({ totals, previous }: Pick<Analytics, "totals" | "previous">) {
  const before = previous?.totals.total_requests === 0 ? null : previous?.totals;
  return (
    <StatGrid>
      {tiles.map(({ label, figure, measure, better }) => {
        const { number, unit } = quantityOf(totals[figure], measure);
        const isRate = measure === "percent";
        return (
          <Stat
            key={figure}
            label={label}
            value={isRate ? formatMeasure(totals[figure], measure) : number}
            {...(!isRate && { unit })}
            hint={before && <Change now={totals[figure]} before={before[figure]} {...{ measure, better }} />}
          />
        );
      })}
    </StatGrid>
  );
}

interface ChangeProps {
  now: number | null;
  before: number | null;
  measure: Measure;
  better?: "less" | undefined;
}

const wholePercent = new Intl.NumberFormat("en", { maximumFractionDigits: 0, signDisplay: "exceptZero" });
const points = new Intl.NumberFormat("en", { maximumFractionDigits: 2, signDisplay: "exceptZero" });

/** "+12% from 1,204": a rate changes by points, everything else by its share. Colour only where one way is better. */
function Change({ now, before, measure, better }: ChangeProps) {
  const change = measure === "percent" && now !== null && before !== null ? now - before : changeOf(now, before);
  if (change === null) return null;
  const words = measure === "percent" ? `${points.format(change)} points` : `${wholePercent.format(change)}%`;
  const tone = better && Math.round(change) !== 0 ? (change < 0 ? "text-success-ink" : "text-danger-ink") : "text-ink";
  return (
    <span className="tabular-nums">
      <span className={cn("font-medium", tone)}>{change === 0 ? "No change" : words}</span> from{" "}
      {formatMeasure(before, measure)}
    </span>
  );
}
