import { cn } from "@/components/ui/cn";

export interface SparkDay {
  requests: number;
  errors: number;
}

interface SparklineProps {
  /** Oldest first. */
  days: readonly SparkDay[];
  /** The same numbers in words. */
  label: string;
  className?: string;
}

const barWidth = 3;
const gap = 1;
const height = 24;
const floor = 1; // what happened at all is seen, however little it was

/** A bar a day, what failed in red at its foot. Plain SVG: a table may hold hundreds of bars. */
export function Sparkline({ days, label, className }: SparklineProps) {
  const most = Math.max(...days.map(({ requests }) => requests), 1);
  const scaled = (count: number) => (count === 0 ? 0 : Math.max(floor, (count / most) * (height - floor)));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${days.length * (barWidth + gap) - gap} ${height}`}
      className={cn("h-6 w-30", className)}
    >
      <title>{label}</title>
      {days.map(({ requests, errors }, day) => {
        const failed = scaled(errors);
        const whole = Math.max(scaled(requests), failed);
        const x = day * (barWidth + gap);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place.
          <g key={day}>
            <rect x={x} y={height - floor} width={barWidth} height={floor} className="fill-line-strong" />
            <rect x={x} y={height - whole} width={barWidth} height={whole - failed} className="fill-accent" />
            <rect x={x} y={height - failed} width={barWidth} height={failed} className="fill-danger" />
          </g>
        );
      })}
    </svg>
  );
}
