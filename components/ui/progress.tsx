import { cn } from "@/components/ui/cn";

/** How far something has come, of a known number of steps. For a limit, use `Meter`. */
export function Progress({
  label,
  value,
  max,
  className,
}: {
  label: string;
  value: number;
  max: number;
  className?: string;
}) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      className={cn("h-1 overflow-hidden rounded-full bg-muted-strong", className)}
    >
      <div
        style={{ width: `${max > 0 ? (value / max) * 100 : 0}%` }}
        className="h-full rounded-full bg-accent transition-[width] duration-300"
      />
    </div>
  );
}
