import Link from "next/link";
import { SkipLink } from "@/components/layout/skip-link";
import { Wordmark } from "@/components/layout/wordmark";
import { Button } from "@/components/ui/button";

/** Head of the public pages. */
export function SiteHeader({ isSignedIn = false }: { isSignedIn?: boolean }) {
  return (
    <>
      <SkipLink />
      <header className="sticky top-0 z-30 border-line border-b bg-canvas/90 backdrop-blur-sm">
        <div className="mx-auto flex h-14 max-w-6xl items-center justify-between gap-4 px-4 sm:px-6 lg:px-10">
          <Link href="/" aria-label="Portico, home" className="rounded-xs">
            <Wordmark />
          </Link>
          <nav aria-label="Site" className="flex items-center gap-1 sm:gap-2">
            <Button asChild variant="ghost" className="max-sm:hidden">
              <Link href="/docs/explorer">Explorer</Link>
            </Button>
            {/* A file, not a page: Next must not prefetch it or try to render it. */}
            <Button asChild variant="ghost" className="max-sm:hidden">
              <a href="/openapi.json">OpenAPI</a>
            </Button>
            {isSignedIn ? (
              <Button asChild variant="primary">
                <Link href="/overview">Overview</Link>
              </Button>
            ) : (
              <>
                <Button asChild variant="ghost">
                  <Link href="/sign-in">Sign in</Link>
                </Button>
                <Button asChild variant="primary">
                  <Link href="/sign-up">Sign up</Link>
                </Button>
              </>
            )}
          </nav>
        </div>
      </header>
    </>
  );
}
