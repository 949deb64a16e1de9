import { type ChartSeries, toneFill } from "@/components/charts/series";
import { cn } from "@/components/ui/cn";

/** The colour of a series, in the shape it is drawn with. */
export function SeriesMark({ series: { tone, shape = "bar" } }: { series: ChartSeries }) {
  return (
    <span
      aria-hidden="true"
      className={cn("shrink-0", shape === "bar" ? "size-2 rounded-[2px]" : "h-0 w-3 border-t-2")}
      style={
        shape === "bar"
          ? { background: toneFill[tone] }
          : { borderColor: toneFill[tone], borderStyle: shape === "dashed" ? "dashed" : "solid" }
      }
    />
  );
}
