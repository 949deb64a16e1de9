"use client";

import { ChevronDown } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { currentHref, type NavItem, type NavSection } from "@/components/layout/navigation";

interface NavLinksProps {
  sections: readonly NavSection[];
  /** Called when a link is followed: the phone's sheet closes. */
  onNavigate?: () => void;
}

export function NavLinks({ sections, onNavigate }: NavLinksProps) {
  const current = currentHref(sections, usePathname());
  const renderItems = (items: readonly NavItem[]) => (
    <ul className="flex flex-col gap-0.5">
      {items.map((item) => (
        <li key={item.href}>
          <Link
            href={item.href}
            aria-current={item.href === current ? "page" : undefined}
            {...(onNavigate ? { onClick: onNavigate } : {})}
            className="flex h-8 items-center gap-2.5 rounded-sm px-2 font-medium text-ink-soft text-sm transition-colors hover:bg-muted-strong/60 hover:text-ink aria-[current]:bg-muted-strong aria-[current]:text-ink pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:text-ink-faint aria-[current]:[&_svg]:text-accent-ink"
          >
            {item.icon}
            <span className="truncate">{item.label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );

  return (
    <nav aria-label="Main" className="flex flex-col gap-4">
      {sections.map((section) =>
        section.title === undefined ? (
          <div key="first">{renderItems(section.items)}</div>
        ) : (
          <details key={section.title} open className="group/section">
            <summary className="mb-1 flex h-6 list-none items-center gap-1 rounded-xs px-2 text-ink-faint text-xs hover:text-ink">
              {section.title}
              <ChevronDown
                aria-hidden="true"
                className="-rotate-90 size-3 transition-transform group-open/section:rotate-0"
              />
            </summary>
            {renderItems(section.items)}
          </details>
        ),
      )}
    </nav>
  );
}
