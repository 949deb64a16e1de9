import Link from "next/link";
import { readTheme } from "@/components/layout/theme";
import { ThemeToggle } from "@/components/layout/theme-toggle";
import { Mark } from "@/components/layout/wordmark";

/** Foot of the public pages. */
export async function SiteFooter() {
  const link = "rounded-xs py-1 text-ink-soft hover:text-ink";
  return (
    <footer className="border-line border-t">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-4 px-4 py-6 text-sm sm:px-6 lg:px-10">
        <span className="flex items-center gap-2 text-ink-faint">
          <Mark className="size-4" />
          Portico, Apache-2.0
        </span>
        <nav aria-label="Footer" className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <a href="/openapi.json" className={link}>
            OpenAPI
          </a>
          <Link href="/docs/explorer" className={link}>
            Explorer
          </Link>
          <Link href="/docs/errors" className={link}>
            Error codes
          </Link>
          <Link href="/sign-in" className={link}>
            Sign in
          </Link>
          <Link href="/sign-up" className={link}>
            Sign up
          </Link>
        </nav>
        <ThemeToggle theme={await readTheme()} />
      </div>
    </footer>
  );
}
