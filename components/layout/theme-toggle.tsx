"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useId, useState } from "react";
import { type Theme, themeCookie } from "@/components/layout/theme-names";
import { cn } from "@/components/ui/cn";

const choices = [
  { theme: "system", label: "System theme", Icon: Monitor },
  { theme: "light", label: "Light theme", Icon: Sun },
  { theme: "dark", label: "Dark theme", Icon: Moon },
] as const;

const yearSeconds = 31_536_000;

function applyTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari before 18.4.
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${yearSeconds}; samesite=lax`;
}

/** System, light, dark. Takes effect at once and is remembered for a year. `theme` is what `readTheme()` answered. */
export function ThemeToggle({ theme, className }: { theme: Theme; className?: string }) {
  const [current, setCurrent] = useState(theme);
  const name = useId();
  const choose = (next: Theme) => {
    setCurrent(next);
    applyTheme(next);
  };

  return (
    <fieldset className={cn("inline-flex rounded-full border border-line p-0.5", className)}>
      <legend className="sr-only">Theme</legend>
      {choices.map(({ theme: value, label, Icon }) => (
        <label
          key={value}
          title={label}
          className="relative grid size-6 cursor-pointer place-items-center rounded-full text-ink-faint transition-colors hover:text-ink has-checked:bg-muted-strong has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent-ink has-focus-visible:outline-offset-1 pointer-coarse:size-9"
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={current === value}
            onChange={() => choose(value)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-full outline-none"
          />
          <Icon aria-hidden="true" className="pointer-events-none size-3.5" />
          <span className="sr-only">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
