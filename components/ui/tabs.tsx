"use client";

import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface TabsProps<T extends string> {
  /** What the tabs switch between. */
  label: string;
  tabs: readonly { value: T; label: ReactNode; content: ReactNode }[];
  /** Controlled, with the value in the URL (nuqs); left out, the first tab is open at first. */
  value?: T;
  onValueChange?: (value: T) => void;
  className?: string;
}

export function Tabs<T extends string>({ label, tabs, value, onValueChange, className }: TabsProps<T>) {
  const first = tabs[0]?.value;
  return (
    <Primitive.Root
      {...(value === undefined ? (first === undefined ? {} : { defaultValue: first }) : { value })}
      onValueChange={(next) => onValueChange?.(next as T)}
      className={cn("flex flex-col", className)}
    >
      <Primitive.List aria-label={label} className="flex gap-5 overflow-x-auto border-line border-b">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px h-9 whitespace-nowrap border-transparent border-b-2 font-medium text-ink-soft text-sm transition-colors hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-ink data-[state=active]:text-ink pointer-coarse:h-11"
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="pt-5">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
