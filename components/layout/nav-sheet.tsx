"use client";

import { Menu } from "lucide-react";
import { type ReactNode, useState } from "react";
import { NavLinks } from "@/components/layout/nav-links";
import type { NavSection } from "@/components/layout/navigation";
import type { Theme } from "@/components/layout/theme-names";
import { ThemeToggle } from "@/components/layout/theme-toggle";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet } from "@/components/ui/sheet";

interface NavSheetProps {
  sections: readonly NavSection[];
  theme: Theme;
  /** Above the links: the account switcher. */
  children?: ReactNode;
}

/** The sidebar of a phone. */
export function NavSheet({ sections, theme, children }: NavSheetProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Sheet
      title="Navigation"
      titleHidden
      side="left"
      size="sm"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={<IconButton label="Open navigation" tooltip={false} icon={<Menu aria-hidden="true" />} />}
    >
      <div className="flex flex-col gap-5">
        {children && <div className="pr-10">{children}</div>}
        <NavLinks sections={sections} onNavigate={() => setOpen(false)} />
        <div className="flex items-center justify-between border-line border-t px-2 pt-4 text-ink-faint text-xs">
          Theme
          <ThemeToggle theme={theme} />
        </div>
      </div>
    </Sheet>
  );
}
