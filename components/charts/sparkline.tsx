import { cn } from "@/components/ui/cn";

const width = 96;
const height = 24;
const inset = 2;

interface SparklineProps {
  /** Oldest first, at equal distances. */
  values: readonly number[];
  /** The whole story in words: "1,204 requests in 30 days". */
  label: string;
  className?: string;
}

function pointsOf(values: readonly number[]) {
  const top = Math.max(...values, 1);
  const step = (width - 2 * inset) / Math.max(values.length - 1, 1);
  return values.map((value, index) => ({
    x: inset + index * step,
    y: height - inset - (value / top) * (height - 2 * inset),
  }));
}

/** A trend the size of a word: plain SVG, rendered on the server, no script. Starts at zero, so flat means flat. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const points = pointsOf(values);
  const line = points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" ");
  const isQuiet = values.every((value) => value === 0);
  const last = points.at(-1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      fill="none"
      className={cn("shrink-0", isQuiet ? "text-line-strong" : "text-accent-ink", className)}
    >
      <title>{label}</title>
      {!isQuiet && points.length > 1 && (
        <polygon
          points={`${inset},${height - inset} ${line} ${width - inset},${height - inset}`}
          fill="currentColor"
          opacity="0.1"
        />
      )}
      {points.length > 1 && (
        <polyline points={line} stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" strokeLinecap="round" />
      )}
      {last && !isQuiet && <circle cx={last.x} cy={last.y} r="1.75" fill="currentColor" />}
    </svg>
  );
}
