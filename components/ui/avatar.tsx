import { cn } from "@/components/ui/cn";

const sizes = { sm: "size-6 text-[0.625rem]", md: "size-8 text-xs" };

/** First letters of the first and last word: "Ada Lovelace" gives AL, "ops@acme.example" gives O. */
export function initialsOf(name: string): string {
  const words =
    name
      .split("@")[0]
      ?.split(/[\s._-]+/u)
      .filter(Boolean) ?? [];
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

interface AvatarProps {
  name: string;
  size?: keyof typeof sizes;
  /** People are round, accounts and tenants square. */
  shape?: "round" | "square";
}

/** Stands beside the name, so it is hidden from screen readers. */
export function Avatar({ name, size = "sm", shape = "round" }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid shrink-0 select-none place-items-center border border-line-strong bg-muted font-medium text-ink-soft",
        sizes[size],
        shape === "round" ? "rounded-full" : "rounded-xs",
      )}
    >
      {initialsOf(name)}
    </span>
  );
}
