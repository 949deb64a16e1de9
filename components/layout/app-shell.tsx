import Link from "next/link";
import type { ReactNode } from "react";
import { NavLinks } from "@/components/layout/nav-links";
import { NavSheet } from "@/components/layout/nav-sheet";
import type { NavSection } from "@/components/layout/navigation";
import { SkipLink } from "@/components/layout/skip-link";
import { readTheme } from "@/components/layout/theme";
import { ThemeToggle } from "@/components/layout/theme-toggle";
import { Mark } from "@/components/layout/wordmark";

interface AppShellProps {
  /** Where the mark leads. */
  homeHref: string;
  /** Only what is built and what this role may open. */
  sections: readonly NavSection[];
  children: ReactNode;
  /** Which account or tenant one is in: a button with a menu, or its name. Stands at the head of the sidebar. */
  switcher?: ReactNode;
  /** At the left of the top bar, beside the navigation button on phones. */
  breadcrumb?: ReactNode;
  /** At the right end of the top bar: `UserMenu`. */
  userMenu?: ReactNode;
  /** More for the right of the top bar, before the user menu. */
  actions?: ReactNode;
  /** Above everything: what concerns the whole page. */
  banner?: ReactNode;
}

/** Frame of every signed-in page: sidebar from 1024 px, a sheet below, top bar, one `<main>`. */
export async function AppShell(props: AppShellProps) {
  const { homeHref, sections, children, switcher, breadcrumb, userMenu, actions, banner } = props;
  const theme = await readTheme();
  return (
    <>
      <SkipLink />
      {banner}
      <div className="lg:grid lg:grid-cols-[var(--sidebar-width)_minmax(0,1fr)]">
        <aside
          aria-label="Sidebar"
          className="sticky top-0 hidden h-dvh flex-col border-line border-r bg-canvas lg:flex"
        >
          <div className="flex h-(--topbar-height) shrink-0 items-center gap-2 border-line border-b px-3">
            <HomeLink href={homeHref} />
            {switcher && <div className="min-w-0 grow">{switcher}</div>}
          </div>
          <div className="min-h-0 grow overflow-y-auto p-3">
            <NavLinks sections={sections} />
          </div>
          <div className="flex shrink-0 items-center justify-between border-line border-t px-4 py-3">
            <span className="text-ink-faint text-xs">Theme</span>
            <ThemeToggle theme={theme} />
          </div>
        </aside>
        <div className="flex min-h-dvh min-w-0 flex-col">
          <header className="sticky top-0 z-30 flex h-(--topbar-height) items-center gap-3 border-line border-b bg-canvas px-3 pointer-coarse:h-14 sm:px-6">
            <div className="sm:-ml-2 lg:hidden">
              <NavSheet sections={sections} theme={theme}>
                {switcher}
              </NavSheet>
            </div>
            <div className="min-w-0 grow truncate text-sm">{breadcrumb}</div>
            <div className="flex shrink-0 items-center gap-2">
              {actions}
              {userMenu}
            </div>
          </header>
          <main id="main" tabIndex={-1} className="grow bg-surface outline-none">
            {children}
          </main>
        </div>
      </div>
    </>
  );
}

function HomeLink({ href }: { href: string }) {
  return (
    <Link
      href={href}
      aria-label="Portico, overview"
      className="grid size-8 shrink-0 place-items-center rounded-sm text-accent-ink hover:bg-muted"
    >
      <Mark />
    </Link>
  );
}
