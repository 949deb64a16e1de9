import type { ReactNode } from "react";
import { SiteFooter } from "@/components/layout/site-footer";
import { SiteHeader } from "@/components/layout/site-header";

export default function DocsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SiteHeader />
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
