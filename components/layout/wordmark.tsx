import { cn } from "@/components/ui/cn";

/** A portico: roof, columns, step. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true" className={cn("size-5", className)}>
      <path d="M10 1.5 18 6v2H2V6z" />
      <path d="M3.5 9.5h2.500v6h-2.500zM8.750 9.500h2.500v6h-2.500zM14 9.500h2.500v6H14z" />
      <path d="M2 17h16v2H2z" />
    </svg>
  );
}

export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 text-ink", className)}>
      <Mark className="text-accent-ink" />
      <span className="font-semibold text-lg leading-none tracking-tight">Portico</span>
    </span>
  );
}
