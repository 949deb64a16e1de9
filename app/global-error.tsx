"use client";

import "./globals.css";
import { ErrorState } from "@/components/ui/error-state";

/** When the root layout itself failed: this file replaces it, so it brings its own document. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Portico cannot be shown</title>
        <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col justify-center px-4 py-16">
          <ErrorState level={1} bare title="Portico cannot be shown" requestId={error.digest} onRetry={reset}>
            The server failed while it prepared this page. Your keys keep working; try again in a moment.
          </ErrorState>
        </main>
      </body>
    </html>
  );
}
