import type { Metadata } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function PortalNotFound() {
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col items-start px-4 py-16 sm:px-6">
      <p className="font-mono text-ink-faint text-sm">404</p>
      <h1 className="mt-2 font-semibold text-xl tracking-tight">Not found</h1>
      <p className="mt-1 max-w-prose text-ink-soft text-sm">
        There is nothing at this address, or nothing that your account may see. It may have been deleted.
      </p>
      <Button asChild className="mt-5">
        <Link href="/keys">Go to API keys</Link>
      </Button>
    </div>
  );
}
