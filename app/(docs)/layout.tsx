import type { ReactNode } from "react";
import { visitingActor } from "#lib/http/page-context";
import { SiteFooter } from "@/components/layout/site-footer";
import { SiteHeader } from "@/components/layout/site-header";

/** Frame of the documentation, which is for everybody; a visitor whose session cannot be read is a stranger here. */
export default async function DocsLayout({ children }: { children: ReactNode }) {
  const actor = await visitingActor();
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader isSignedIn={actor !== null} />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-3xl grow has-data-wide:max-w-6xl px-4 py-10 outline-none sm:px-6 lg:py-14"
      >
        {children}
      </main>
      <SiteFooter />
    </div>
  );
}
