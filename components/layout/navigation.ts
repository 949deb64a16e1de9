import type { ReactNode } from "react";

export interface NavItem {
  href: string;
  label: string;
  /** An element, `<KeyRound />`, not a component: it crosses from server to browser. */
  icon: ReactNode;
}

export interface NavSection {
  /** Left out for the first group, which stands without a heading. */
  title?: string;
  items: readonly NavItem[];
}

/** The item one is in: the longest address that is the path or one of its parents. */
export function currentHref(sections: readonly NavSection[], path: string): string | undefined {
  return sections
    .flatMap((section) => section.items.map((item) => item.href))
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0];
}
