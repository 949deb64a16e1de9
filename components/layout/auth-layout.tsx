import Link from "next/link";
import type { ReactNode } from "react";
import { SkipLink } from "@/components/layout/skip-link";
import { readTheme } from "@/components/layout/theme";
import { ThemeToggle } from "@/components/layout/theme-toggle";
import { Wordmark } from "@/components/layout/wordmark";

interface AuthLayoutProps {
  title: string;
  description?: ReactNode;
  /** The form. */
  children: ReactNode;
  /** Below the card: the other way ("No account yet? Sign up"). */
  footer?: ReactNode;
  /** Beside or below the card: the demo accounts of a development instance. */
  aside?: ReactNode;
}

/** Frame of the pages around signing in: one narrow card. Owns `<main>` and the `h1`. */
export async function AuthLayout({ title, description, children, footer, aside }: AuthLayoutProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="flex h-14 items-center justify-between px-4 sm:px-6">
        <Link href="/" aria-label="Portico, home" className="rounded-xs">
          <Wordmark />
        </Link>
        <ThemeToggle theme={await readTheme()} />
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-[25rem] grow flex-col px-4 pt-[max(1.5rem,9dvh)] pb-16 outline-none"
      >
        <div className="rounded-lg border border-line bg-surface p-6 shadow-sm sm:p-8">
          <h1 className="text-balance font-semibold text-xl tracking-tight">{title}</h1>
          {description && <p className="mt-1 text-ink-soft text-sm">{description}</p>}
          <div className="mt-6">{children}</div>
        </div>
        {footer && <div className="mt-5 text-center text-ink-soft text-sm">{footer}</div>}
        {aside && <div className="mt-8">{aside}</div>}
      </main>
    </div>
  );
}
