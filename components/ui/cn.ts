import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({ extend: { theme: { shadow: ["button"] } } });

/** Joins class names; of two that set the same property the later one wins, so a caller's `className` can override. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
