"use client";

import { ErrorState } from "@/components/ui/error-state";

/** The last resort inside the root layout; signed-in pages have their own. The digest is what the server logged. */
export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh w-full max-w-lg flex-col justify-center px-4 py-16">
      <ErrorState level={1} bare title="This page could not be shown" requestId={error.digest} onRetry={reset}>
        The server failed while it prepared the page. Nothing you entered was saved by it.
      </ErrorState>
    </main>
  );
}
