import type { Metadata } from "next";
import Link from "next/link";
import { SkipLink } from "@/components/layout/skip-link";
import { Wordmark } from "@/components/layout/wordmark";
import { Button } from "@/components/ui/button";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="flex h-14 items-center px-4 sm:px-6">
        <Link href="/" aria-label="Portico, home" className="rounded-xs">
          <Wordmark />
        </Link>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-md grow flex-col items-start px-4 pt-[16dvh] pb-16 outline-none"
      >
        <p className="font-mono text-ink-faint text-sm">404</p>
        <h1 className="mt-2 font-semibold text-2xl tracking-tight">Page not found</h1>
        <p className="mt-2 text-ink-soft">There is nothing at this address, or nothing that your account may see.</p>
        <Button asChild className="mt-6">
          <Link href="/">Go to the start page</Link>
        </Button>
      </main>
    </div>
  );
}
